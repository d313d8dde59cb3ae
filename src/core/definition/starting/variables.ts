import type { Json, JsonObject } from '../../json.js';
import type { Secretive } from '../../safe/secret-use.js';

/** What a value must be. Compiled like an expression: the core knows this type and no JSON Schema. */
export interface ValueType {
  /** As the author wrote it. */
  readonly schema: JsonObject;
  /** What is wrong with a value: "`/score` must be integer"; `null`: nothing. */
  fault(value: Json): string | null;
}

/** A variable that the flow declares. */
export interface Variable extends ValueType {
  /** What it is when an instance starts; absent: nobody has written it yet. */
  readonly initial?: Json;
}

/** What a flow says of its own values. */
export interface TypedFlow {
  /** The variables, in the order of the file; absent: any name may be written, with any value. */
  readonly vars?: ReadonlyMap<string, Variable>;
  /** What `output` gives must be of this type; absent: of any. */
  readonly returns?: ValueType;
}

/** What a task says of its values. */
export interface TypedTask extends Secretive {
  /** What its handler answers must be of this type; absent: of any. */
  readonly returns?: ValueType;
}

/** What instances start with. */
export function initialVars({ vars }: TypedFlow): JsonObject {
  const initial: Record<string, Json> = {};
  for (const [name, { initial: value }] of vars ?? []) if (value !== undefined) initial[name] = value;
  return initial;
}

/**
 * Why a variable may not have a value; `null`: it may. What a branch keeps apart until the branches meet is a part of a value,
 * and has a name with an `@`: there the merged value is looked at.
 */
export function whyNotWritten({ vars }: TypedFlow, name: string, value: Json): string | null {
  if (!vars) return null;
  const variable = vars.get(name);
  if (variable) return variable.fault(value);
  return name.includes('@') ? null : 'no such variable is declared';
}
