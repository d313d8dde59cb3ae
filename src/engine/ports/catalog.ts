import type { Definition } from '../../core/definition/definition.js';
import type { PlayRules } from '../../core/definition/starting/play.js';
import type { Result } from '../../core/result.js';

/** A published definition, compiled, with the check of its start input. */
export interface Published {
  readonly definition: Definition;
  /** All violations of the definition's input schema: JSON pointer and sentence. Empty: it fits. */
  readonly checkInput: (input: unknown) => readonly InputViolation[];
  /** The same of what a person gives for a manual node. Absent: no node has a form. */
  readonly checkForm?: (node: string, output: unknown) => readonly InputViolation[];
  /** Of what plays of this flow say. Absent: it has no `play`, so that none can be. */
  readonly plays?: PlayChecks;
}

/** What a play may say of a flow. */
export interface PlayChecks {
  /** All violations of the schema under `play`. */
  checkParams(params: unknown): readonly InputViolation[];
  /** Compiles the expressions of a play, or says what is wrong with them. */
  compile(written: {
    readonly audience: string | null;
    readonly by: string | null;
  }): Result<PlayRules, readonly InputViolation[]>;
}

export interface InputViolation {
  readonly pointer: string;
  readonly message: string;
}

/** Compiled definitions, cached. Immutable per (flow, version). */
export abstract class Catalog {
  /** `version` omitted: the newest. `null`: unknown. */
  abstract get(flow: string, version?: number): Promise<Published | null>;
  /** The same from the cache alone. */
  abstract cached(flow: string, version: number): Published | undefined;
}
