import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/loopback.js';
import { Problem } from '../http/problem.js';
import type { Access } from './access.js';

/** Routes that need no token. Everything else does, also what is added later. */
const PUBLIC: ReadonlySet<string> = new Set(['/health/live', '/health/ready', '/', '/*']);

/**
 * Looks at every request before its body is read. The matched route decides, not the path as written, so that no
 * spelling of a path gets around the token.
 */
export function guardRequests(fastify: FastifyInstance, access: Access, boundTo: string, serves = true): void {
  const onLoopback = isLoopback(boundTo);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (onLoopback && !isLoopback(hostOf(request))) return done(misdirected());
    const route = request.routeOptions.url;
    if (!serves && !OF_EVERYONE.has(route ?? '')) return done(elsewhere());
    if (route === undefined || PUBLIC.has(route)) return done();
    void reply.header('cache-control', 'no-store');
    const answer = access.judge(request.headers.authorization, request.ip);
    if (answer.type === 'granted') return done();
    if (answer.type === 'limited') return done(limited(answer.seconds));
    done(unauthorized(answer.type));
  });
}

/** Answered also by a process without the role `api`: whether it is up, and what it counts. */
const OF_EVERYONE: ReadonlySet<string> = new Set(['/health/live', '/health/ready', '/metrics']);

const elsewhere = (): Problem =>
  new Problem(
    404,
    'NOT_THIS_ROLE',
    'Expected a process with the role api, but this one has not got it. Ask one that has SLUICE_ROLES=api.',
  );

/** The name in the Host header, without its port. */
function hostOf(request: FastifyRequest): string {
  const host = request.headers.host ?? '';
  return host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d+$/, '');
}

/** A page of another name that resolves to this machine must not reach it (DNS rebinding). */
const misdirected = (): Problem =>
  new Problem(
    421,
    'WRONG_HOST',
    'Expected the host localhost or 127.0.0.1, but the request names another. Use one of them.',
  );

function unauthorized(why: 'missing' | 'wrong'): Problem {
  const sentence =
    why === 'missing'
      ? 'Expected the header Authorization: Bearer TOKEN, but there is none. The token was printed at start, or is SLUICE_TOKEN.'
      : 'Expected the token of this server, but this is another. It was printed at start, or is SLUICE_TOKEN.';
  return new Problem(401, 'UNAUTHORIZED', sentence, { headers: { 'www-authenticate': 'Bearer realm="sluice"' } });
}

const limited = (seconds: number): Problem =>
  new Problem(429, 'TOO_MANY_FAILURES', `Expected fewer wrong tokens from this address. Wait ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  });
