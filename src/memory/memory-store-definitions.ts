import {
  type ActiveVersion,
  DefinitionStore,
  type StoredDefinition,
  VersionConflict,
} from '../engine/ports/definition-store.js';
import { type MemoryRows, order } from './memory-store-rows.js';

/** Published definitions, for as long as the process lives. */
export class MemoryDefinitionStore extends DefinitionStore {
  constructor(private readonly rows: MemoryRows) {
    super();
  }

  async insert(
    definition: Parameters<DefinitionStore['insert']>[0],
  ): Promise<{ readonly version: number; readonly created: boolean }> {
    const { flow } = definition;
    const stored = this.rows.definitions.get(flow) ?? [];
    const same = stored.find(({ sha256 }) => sha256 === definition.sha256);
    if (same !== undefined) return { version: same.version, created: false };
    const version = definition.version ?? (stored.at(-1)?.version ?? 0) + 1;
    if (stored.some((one) => one.version === version)) {
      throw new VersionConflict(
        `Expected version ${version} of ${flow} to be new or unchanged, but it is published with other content. ` +
          'Leave the version out to get the next one.',
      );
    }
    this.rows.active.delete(flow);
    const added = { ...definition, version, publishedAt: this.rows.clock.now() };
    this.rows.definitions.set(
      flow,
      [...stored, added].sort((a, b) => a.version - b.version),
    );
    return { version, created: true };
  }

  async find(flow: string, version?: number): Promise<StoredDefinition | null> {
    const stored = this.rows.definitions.get(flow) ?? [];
    const wanted = version ?? this.rows.active.get(flow)?.version;
    const found = wanted === undefined ? stored.at(-1) : stored.find((one) => one.version === wanted);
    return found ?? null;
  }

  async versions(flow: string): Promise<readonly number[]> {
    return (this.rows.definitions.get(flow) ?? []).map(({ version }) => version);
  }

  async newest(): Promise<readonly StoredDefinition[]> {
    const newest = [...this.rows.definitions.values()].flatMap((versions) => versions.slice(-1));
    return newest.sort((a, b) => order(a.flow, b.flow));
  }

  async activate(flow: string, version: number, by: string): Promise<boolean> {
    if (!(await this.find(flow, version))) return false;
    this.rows.active.set(flow, { version, by, at: this.rows.clock.now() });
    return true;
  }

  async active(): Promise<ReadonlyMap<string, ActiveVersion>> {
    return new Map(this.rows.active);
  }
}
