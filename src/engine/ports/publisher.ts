import type { Definition } from '../../core/definition/definition.js';

/** Something about a source that its author must or should change. Lines and columns are counted from 1. */
export interface PlacedProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string | null;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface PublishOrder {
  /** YAML text. */
  readonly source: string;
  /** What problems call it; never opened. */
  readonly file: string;
  /** Omitted: the one that the source names, else the next. */
  readonly version?: number;
}

/** With an error among the problems nothing was published, and `version` is `null`. */
export interface PublishAnswer {
  /** `null` when it could not be read. */
  readonly flow: string | null;
  readonly version: number | null;
  /** False when the same content was there before. */
  readonly created: boolean;
  readonly problems: readonly PlacedProblem[];
}

/** What publishing would find; `null` where a problem is an error. */
export interface CheckAnswer {
  readonly definition: Definition | null;
  readonly problems: readonly PlacedProblem[];
}

/**
 * Checks a definition and stores it under the next version of its flow.
 * @throws {VersionConflict} when `version` exists with other content.
 */
export abstract class Publisher {
  abstract execute(order: PublishOrder): Promise<PublishAnswer>;
  /** The same checks; nothing is stored. */
  abstract check(order: Omit<PublishOrder, 'version'>): Promise<CheckAnswer>;
}
