/** A definition as stored. */
export interface StoredDefinition {
  readonly flow: string;
  readonly version: number;
  readonly title: string | null;
  readonly description: string | null;
  readonly sha256: string;
  /** The YAML, as published. */
  readonly source: string;
  /** What was known of the kinds of node that plugins bring, as JSON; absent: it uses none. */
  readonly kinds?: string;
  /** Database time in milliseconds. */
  readonly publishedAt: number;
}

/** What somebody decided about the version that starts get. */
export interface ActiveVersion {
  readonly version: number;
  readonly by: string;
  /** Database time in milliseconds. */
  readonly at: number;
}

/** Rows of definitions; immutable once written. */
export abstract class DefinitionStore {
  /**
   * Stores a source under the next version of the flow (or `version`, if given), unless a version of the flow has the
   * same hash: then that one is answered with `created: false`. Safe against two publishers at once. A new version is
   * what starts get, also where another one was activated before.
   * @throws {VersionConflict} when `version` exists with other content.
   */
  abstract insert(
    definition: Omit<StoredDefinition, 'version' | 'publishedAt'> & { readonly version: number | null },
  ): Promise<{ readonly version: number; readonly created: boolean }>;
  /** `version` omitted: the one that starts get, which is the newest unless another one was activated. */
  abstract find(flow: string, version?: number): Promise<StoredDefinition | null>;
  abstract versions(flow: string): Promise<readonly number[]>;
  /** The newest version of every flow, by flow id. */
  abstract newest(): Promise<readonly StoredDefinition[]>;
  /** Makes a version the one that starts get, until a new one is published; `false`: there is no such version. */
  abstract activate(flow: string, version: number, by: string): Promise<boolean>;
  /** What was activated, by flow; a flow without an entry starts its newest version. */
  abstract active(): Promise<ReadonlyMap<string, ActiveVersion>>;
}

/** The version exists with other content. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
}
