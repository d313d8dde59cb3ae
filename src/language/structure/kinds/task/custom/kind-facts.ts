import type { Shape } from '../../../../../core/definition/custom-kind.js';
import type { Json, JsonObject } from '../../../../../core/json.js';

/** What a kind allows and begins with. All of it is kept with a published flow. */
export interface KindTraits {
  /** false: what failed is not tried again, and `retry` is refused. */
  readonly retryable: boolean;
  /** false: not tried again unless the node says so by `retry`. */
  readonly idempotent: boolean;
  /** It only reads: `cache` is allowed. */
  readonly pure: boolean;
  /** It may be a step of a sequence. */
  readonly inline: boolean;
  /** A worker outside does it. */
  readonly remote: boolean;
  /** Lives on a lease; for what may take more than five minutes. */
  readonly lease: boolean;
  /** Of an attempt, in milliseconds; `null`: the flow's default. */
  readonly timeoutMs: number | null;
}

/** All that a definition needs to know of a kind: plain JSON, so that a published flow can be read without the plugin. */
export interface KindFacts {
  /** `acme.reserve` */
  readonly name: string;
  /** `1.4.2` */
  readonly version: string;
  /** One line for editors; `null`: none. */
  readonly docs: string | null;
  /** JSON Schema of the fields; a property with `expression: true` is written as an expression. */
  readonly schema: JsonObject;
  readonly shape: Shape;
  readonly traits: KindTraits;
  /** It can be undone. */
  readonly undoes: boolean;
}

/** Something about a field that its author must change. */
export interface FieldFinding {
  /** JSON pointer to it: `/warehouse`; empty for the whole. */
  readonly path: string;
  /** "Expected X, but Y." */
  readonly message: string;
  readonly hint?: string;
}

/** A kind whose plugin is here. */
export interface LoadedKind extends KindFacts {
  /** Looks at what its schema cannot say. Fields that are expressions are given as they are written. */
  readonly validate?: (fields: JsonObject, about: { readonly node: string }) => readonly FieldFinding[];
}

/** The properties of the fields that are written as expressions. */
export function expressionFields({ schema }: Pick<KindFacts, 'schema'>): readonly string[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Json>>;
  return Object.entries(properties).flatMap(([name, property]) =>
    (property as JsonObject | null)?.['expression'] === true ? [name] : [],
  );
}

/** The schema of what is written in a flow: an expression may stand for any value. */
export function writtenSchema({ schema }: Pick<KindFacts, 'schema'>): JsonObject {
  const properties = (schema['properties'] ?? {}) as JsonObject;
  const written = Object.entries(properties).map(([name, property]) => {
    const { expression, title, description } = property as JsonObject;
    if (expression !== true) return [name, property];
    const says = typeof description === 'string' ? `${description} An expression.` : 'An expression.';
    return [name, { ...(title !== undefined && { title }), description: says }];
  });
  return { additionalProperties: false, ...schema, type: 'object', properties: Object.fromEntries(written) };
}
