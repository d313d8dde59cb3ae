import type { Shape } from '../../core/definition/custom-kind.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { Poll, TaskContext } from '../../engine/ports/handlers.js';
import type { FieldFinding } from '../../language/structure/kinds/task/custom/kind-facts.js';

/** What the work of a node is told beside its fields. */
export interface NodeTypeContext extends Omit<TaskContext, 'with'> {
  /** To be returned: ask again in `delayMs`, 1 ms to 365 days; costs no attempt. */
  poll(delayMs: number): Poll;
  /**
   * Fails for good: this will not get better by trying again.
   * @param code `^[A-Z][A-Z0-9_]{0,63}$`; matched by `on error CODE*`.
   */
  fail(code: string, message: string): never;
}

/** What a kind allows and begins with. */
export interface NodeTypeTraits {
  /** Default true. false: what failed is not tried again, and a node cannot have `retry`. */
  readonly retryable?: boolean;
  /**
   * Default true: it may be done twice under one `idempotencyKey`. false: a failed attempt is not repeated unless the node
   * says so by `retry`. After a crash an attempt runs again in any case.
   */
  readonly idempotent?: boolean;
  /** Default false. true: it only reads, and a node may have `cache`. */
  readonly pure?: boolean;
  /**
   * Default false. true: it may be a step of a `sequence`, `do: acme.reserve@1`. Its literal fields are the `with` of the
   * step, and a field that is an expression is the member of the context of its name. A step is not undone.
   */
  readonly inline?: boolean;
  /** Default false. true: a worker outside does it, from the queue `sluice.task.<name>@<major>`; there is no `execute`. */
  readonly remote?: boolean;
  /** Default false. true: an attempt lives on a lease and may take more than five minutes. */
  readonly lease?: boolean;
  /** The longest that an attempt takes unless the node says otherwise: `30s`, `5m`. Default: that of the flow. */
  readonly timeout?: string;
}

/** A kind of node that flows may name: `reserve: { acme.reserve: { article: input.article } }`. */
export interface NodeType<Fields = JsonObject> {
  /** Two to four words of small letters, digits and "-", joined by dots: `acme.reserve`. */
  readonly name: string;
  /** `major.minor.patch`. Within a major version everything that a flow may write stays as it was. */
  readonly version: string;
  /** One line for editors and lists; at most 500 characters. */
  readonly description?: string;
  /**
   * JSON Schema (2020-12) of the fields, an object. A property with `expression: true` is written as an expression, and its
   * schema is that of the value. Other properties than those named are refused. Default: no fields.
   */
  readonly schema?: JsonObject;
  readonly traits?: NodeTypeTraits;
  /** How it is drawn. Default `box`. */
  readonly shape?: Shape;
  /** Looks at what the schema cannot say, when a flow is checked; expressions come as they are written. */
  validate?(fields: JsonObject, about: { readonly node: string }): readonly FieldFinding[];
  /** Does the work: answers an output, `context.poll(…)`, or throws. Runs at least once, like a handler. */
  execute?(fields: Fields, context: NodeTypeContext): unknown;
  /** Undoes it when a `compensate` asks for it: `result` is what `execute` gave. */
  compensate?(fields: Fields, context: NodeTypeContext & { readonly result: Json }): unknown;
  /** What it answers in tests of flows and in `sluice run`, where nothing else is said. */
  readonly mock?: Json | ((fields: Fields) => Json);
}

/**
 * A kind of node, to be the default export of a plugin, or one of `nodeTypes`. Whether it can be used is seen when it is
 * loaded.
 */
export const defineNodeType = <Fields = JsonObject>(type: NodeType<Fields>): NodeType<Fields> => type;
