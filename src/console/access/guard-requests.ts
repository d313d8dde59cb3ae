import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/loopback.js';
import { isAllowed, type Role } from '../../config/people-roles.js';
import type { Asker } from '../../core/definition/control/may-complete.js';
import { Problem } from '../http/problem.js';
import type { Access } from './access.js';
import { remember } from './asker.js';

/** Routes that need no token. Everything else does, also what is added later. */
const PUBLIC: ReadonlySet<string> = new Set(['/health/live', '/health/ready', '/', '/*']);

interface Guarded {
  readonly access: Access;
  /** Of a route as it was matched; what nobody has thought of is for admins. */
  readonly needs: (method: string, route: string) => Role;
  readonly boundTo: string;
  /** Whether this process has the role `api`. */
  readonly serves?: boolean;
}

/**
 * Looks at every request before its body is read. The matched route decides, not the path as written, so that no
 * spelling of a path gets around the token.
 */
export function guardRequests(fastify: FastifyInstance, { access, needs, boundTo, serves = true }: Guarded): void {
  const onLoopback = isLoopback(boundTo);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (onLoopback && !isLoopback(hostOf(request))) return done(misdirected());
    const route = request.routeOptions.url;
    if (!serves && !OF_EVERYONE.has(route ?? '')) return done(elsewhere());
    if (route === undefined || PUBLIC.has(route)) return done();
    void reply.header('cache-control', 'no-store');
    const answer = access.judge(request.headers.authorization, request.ip);
    if (answer.type === 'limited') return done(limited(answer.seconds));
    if (answer.type !== 'granted') return done(unauthorized(answer.type));
    remember(request, answer.asker);
    const needed = needs(request.method, route);
    done(isAllowed(answer.asker.roles, needed) ? undefined : forbidden(answer.asker, needed));
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

const SENTENCES = {
  missing:
    'Expected the header Authorization: Bearer TOKEN, but there is none. The token was printed at start, or is SLUICE_TOKEN.',
  wrong: 'Expected the token of this server, but this is another. It was printed at start, or is SLUICE_TOKEN.',
  ended: 'Expected a token that is still good, but the time of this one is over. Ask for a new one.',
} as const;

const unauthorized = (why: keyof typeof SENTENCES): Problem =>
  new Problem(401, 'UNAUTHORIZED', SENTENCES[why], { headers: { 'www-authenticate': 'Bearer realm="sluice"' } });

const forbidden = ({ name, roles }: Asker, needed: Role): Problem =>
  new Problem(
    403,
    'FORBIDDEN',
    `Expected somebody with the role ${needed}, but ${name} has ${roles.join(' and ')}. Ask somebody who has it.`,
  );

const limited = (seconds: number): Problem =>
  new Problem(429, 'TOO_MANY_FAILURES', `Expected fewer wrong tokens from this address. Wait ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  });
