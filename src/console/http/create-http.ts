import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fastifyHelmet } from '@fastify/helmet';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/config.js';
import { ROOT } from '../../config/installation.js';
import { JSON_LIMITS } from '../../core/read-json.js';
import { AuditTrail } from '../../engine/operate/audit/audit-trail.js';
import { Identity } from '../../engine/ports/identity.js';
import { Log } from '../../engine/ports/log.js';
import { Access } from '../access/access.js';
import { keepAudit } from '../access/audit/keep-audit.js';
import { guardRequests } from '../access/guard-requests.js';
import { leaveAccess } from '../access/leave-access.js';
import { neededFor, operationOf } from '../openapi/by-route.js';
import { Problem } from './problem.js';
import { problemOf } from './problem-of.js';
import { readBodies } from './read-body.js';
import { sendProblem } from './send-problem.js';
import { serveConsole } from './serve-console.js';

/** Mermaid writes style elements into its pictures; nothing else needs more than this origin. */
const DIRECTIVES = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  objectSrc: ["'none'"],
};

export interface HttpOptions {
  readonly logger?: LoggerService | false;
  /** Folder of the built console. */
  readonly pages?: string;
}

/**
 * The application behind its doors: limits, headers, token, console. It does not listen yet.
 * @param module holds {@link ConsoleModule} and whatever provides its ports.
 */
export async function createHttp(
  module: Type<unknown> | DynamicModule,
  config: Config,
  { logger = false, pages = join(ROOT, 'web', 'dist') }: HttpOptions = {},
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: JSON_LIMITS.bytes,
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    // Requests in hand are answered; the connections that are idle then need no waiting for.
    forceCloseConnections: 'idle',
    http: { headersTimeout: 10_000, maxHeaderSize: 16_384 },
    genReqId: () => randomUUID(),
    trustProxy: false,
    // Paths that cannot be decoded are refused before any hook runs.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const problem =
        problemOf(error) ?? new Problem(400, 'BAD_REQUEST', 'Expected a well-formed path, but it is not.');
      sendProblem(problem, request, reply);
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance();
  fastify.server.maxHeadersCount = 100;
  await fastify.register(fastifyHelmet, {
    contentSecurityPolicy: { useDefaults: false, directives: DIRECTIVES },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xPoweredBy: false,
  });
  const access = app.get(Access);
  guardRequests(fastify, { access, needs: neededFor, boundTo: config.host, serves: config.roles.includes('api') });
  keepAudit(fastify, { trail: app.get(AuditTrail), identity: app.get(Identity), log: app.get(Log), operationOf });
  leaveAccess(fastify, access, config);
  readBodies(fastify);
  await serveConsole(fastify, pages);
  return app;
}
