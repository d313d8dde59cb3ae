import type { z } from 'zod';
import type { Role } from '../../config/people-roles.js';

/** What an operation answers: a schema, or text of a media type. */
export type Answer = z.ZodType | `${string}/${string}`;

/** What was asked for and what came of it, both as JSON, or `undefined` where there is none. */
export type Told = (asked: unknown, answer: unknown) => Readonly<Record<string, string | number | null>> | null;

export interface Operation {
  readonly method: 'get' | 'post';
  /** As in OpenAPI: `/api/instances/{id}`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly open?: true;
  /** The role that it needs; left out: `viewer` to get, `operator` to post. */
  readonly needs?: Role;
  /**
   * What the audit keeps of it; left out: of a `post`, the reason that was given. `null`, or an answer of `null`: nothing,
   * unless it was refused to somebody for want of a role.
   */
  readonly told?: Told | null;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  readonly body?: z.ZodType;
  /** The body may be YAML as well. */
  readonly yaml?: true;
  readonly answers: Readonly<Record<number, readonly [string, Answer]>>;
  /** Statuses of refusals beside those that every operation can give. */
  readonly refusals: Readonly<Record<number, string>>;
}

/** The role that an operation needs. */
export const needsOf = ({ needs, method }: Operation): Role => needs ?? (method === 'get' ? 'viewer' : 'operator');

/** How the path is written where routes are made. */
export const routeOf = ({ path }: Operation): string => path.replaceAll(/\{(\w+)\}/g, ':$1');
