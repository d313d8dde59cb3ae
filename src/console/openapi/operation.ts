import type { z } from 'zod';

/** What an operation answers: a schema, or text of a media type. */
export type Answer = z.ZodType | `${string}/${string}`;

export interface Operation {
  readonly method: 'get' | 'post';
  /** As in OpenAPI: `/api/instances/{id}`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly open?: true;
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
