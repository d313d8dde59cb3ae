import type { Role } from '../../config/people-roles.js';
import { needsOf, type Operation, routeOf } from './operation.js';
import { OPERATIONS } from './operations.js';

const BY_ROUTE: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.map((operation) => [`${operation.method} ${routeOf(operation)}`, operation]),
);

/** The operation behind a route as it was matched. A HEAD is a GET without its body. */
export function operationOf(method: string, route: string): Operation | undefined {
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  return BY_ROUTE.get(`${verb} ${route}`);
}

/** The role that a route needs; what is not described is for admins. */
export function neededFor(method: string, route: string): Role {
  const operation = operationOf(method, route);
  return operation ? needsOf(operation) : 'admin';
}
