import type { JsonObject } from '../../../core/json.js';
import type { AuditEntry } from '../../../engine/operate/audit/audit-trail.js';
import type { Operation, Told } from '../../openapi/operation.js';

/** A request that was answered, as the audit needs it. */
export interface Answered {
  readonly operation: Operation;
  readonly who: string;
  readonly status: number;
  /** Of the path, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly asked: unknown;
  readonly answer: unknown;
}

const LONGEST = 500;

/** Whether there may be something to keep: most requests only look, or start what is its own record. */
export const mayBeKept = ({ method, told }: Operation, status: number): boolean =>
  status === 403 || (method === 'post' && told !== null);

/** What the audit keeps of a request; `null`: nothing, because it changes nothing, or has its own record. */
export function entryOf({ operation, ...of }: Answered): Omit<AuditEntry, 'id' | 'at'> | null {
  const { who, status, params, asked, answer } = of;
  if (!mayBeKept(operation, status)) return null;
  const forbidden = status === 403;
  const told = operation.told?.(asked, status < 400 ? answer : undefined);
  if (told === null && !forbidden) return null;
  const { id, flow, node, ...more } = params;
  const isInstance = operation.path.startsWith('/api/instances/{id}');
  const reason = textOf(asked, 'reason') ?? textOf(asked, 'note');
  const code = status < 400 ? null : textOf(answer, 'code');
  return {
    who,
    action: operation.id,
    flow: flow ?? textOf(answer, 'flow') ?? textOf(asked, 'flow'),
    instance: isInstance ? (id ?? null) : null,
    node: node ?? textOf(asked, 'node'),
    status,
    detail: {
      ...more,
      ...(!isInstance && id !== undefined && { id }),
      ...given(told ?? {}),
      ...(reason !== null && { reason: reason.slice(0, LONGEST) }),
      ...(code !== null && { refused: code }),
    },
  };
}

const given = (told: NonNullable<ReturnType<Told>>): JsonObject =>
  Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));

/** A member of what was sent or answered, if it is a text. */
export function textOf(value: unknown, name: string): string | null {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : null;
}

/** The same, if it is a number. */
export function numberOf(value: unknown, name: string): number | null {
  const member = memberOf(value, name);
  return typeof member === 'number' ? member : null;
}

export const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
