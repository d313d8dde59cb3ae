import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Asker } from '../../core/definition/control/may-complete.js';

const askers = new WeakMap<object, Asker>();

/** Remembers who sent a request, once its token was judged. */
export const remember = (request: FastifyRequest, asker: Asker): void => void askers.set(request, asker);

/** Who sent a request; `null`: the route is open to everybody. */
export const askerOf = (request: FastifyRequest): Asker | null => askers.get(request) ?? null;

function known(context: ExecutionContext): Asker {
  const asker = askerOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!asker) throw new Error('Expected to know who asks, but the route is open to everybody.');
  return asker;
}

/** A parameter of a controller's method: who asks. */
export const Who = createParamDecorator((_: unknown, context: ExecutionContext): Asker => known(context));

/** The same, only the name: whose hand it was, as it is stored with what was done. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): string => known(context).name);
