/** A definition as stored. */
export interface StoredDefinition {
  readonly flow: string;
  readonly version: number;
  readonly title: string | null;
  readonly description: string | null;
  readonly sha256: string;
  /** The YAML, as published. */
  readonly source: string;
  /** Database time in milliseconds. */
  readonly publishedAt: number;
}

/** Rows of definitions; immutable once written. */
export abstract class DefinitionStore {
  /**
   * Stores a source under the next version of the flow (or `version`, if given), unless a version of the flow has the
   * same hash: then that one is answered with `created: false`. Safe against two publishers at once.
   * @throws {VersionConflict} when `version` exists with other content.
   */
  abstract insert(
    definition: Omit<StoredDefinition, 'version' | 'publishedAt'> & { readonly version: number | null },
  ): Promise<{ readonly version: number; readonly created: boolean }>;
  /** `version` omitted: the newest. */
  abstract find(flow: string, version?: number): Promise<StoredDefinition | null>;
  abstract versions(flow: string): Promise<readonly number[]>;
  /** The newest version of every flow, by flow id. */
  abstract newest(): Promise<readonly StoredDefinition[]>;
}

/** The version exists with other content. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
}
