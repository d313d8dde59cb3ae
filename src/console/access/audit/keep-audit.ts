import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditTrail } from '../../../engine/operate/audit/audit-trail.js';
import type { Identity } from '../../../engine/ports/identity.js';
import type { Log } from '../../../engine/ports/log.js';
import type { Operation } from '../../openapi/operation.js';
import { askerOf } from '../asker.js';
import { entryOf, mayBeKept } from './entry-of.js';

interface Kept {
  readonly trail: AuditTrail;
  readonly identity: Identity;
  readonly log: Log;
  readonly operationOf: (method: string, route: string) => Operation | undefined;
}

/**
 * Writes what people do into the audit before they hear the answer: who has heard that it is done finds it there. What
 * cannot be written, because the database went away meanwhile, is told in the log.
 */
export function keepAudit(fastify: FastifyInstance, { trail, identity, log, operationOf }: Kept): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    const asker = askerOf(request);
    const operation = asker && operationOf(request.method, request.routeOptions.url ?? '');
    if (!asker || !operation || !mayBeKept(operation, reply.statusCode)) return payload;
    const entry = entryOf({
      operation,
      who: asker.name,
      status: reply.statusCode,
      params: (request.params ?? {}) as Readonly<Record<string, string>>,
      asked: bodyOf(request),
      answer: read(payload),
    });
    if (!entry) return payload;
    try {
      await trail.append({ id: identity.next(), ...entry });
    } catch (fault) {
      log.error('What somebody did could not be written into the audit.', { ...entry, fault: String(fault) });
    }
    return payload;
  });
}

/** A request that was refused before its body was read has none. */
const bodyOf = (request: FastifyRequest): unknown => request.body ?? undefined;

function read(payload: unknown): unknown {
  if (typeof payload !== 'string' || !payload.startsWith('{')) return undefined;
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
