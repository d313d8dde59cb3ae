import { LRUCache } from 'lru-cache';
import { Catalog, type InputViolation, type Published } from '../engine/ports/catalog.js';
import type { Clock } from '../engine/ports/clock.js';
import type { DefinitionStore, StoredDefinition } from '../engine/ports/definition-store.js';
import { compilePlayChecks } from '../language/expression/plays/compile-play-checks.js';
import { compileFormChecks, compileInputCheck } from '../language/input-schema.js';
import { readDefinition } from '../language/read-definition.js';
import { CustomKinds } from '../language/structure/kinds/task/custom/custom-kinds.js';

/** Compiled versions kept; more are compiled anew when needed. */
const MAX_VERSIONS = 500;
/** How long another engine's publication may go unnoticed by starts that name no version. */
const NEWEST_FOR_MS = 1_000;

interface Newest {
  readonly version: number;
  readonly until: number;
}

/** Definitions from the store, compiled once per version. */
export class CachedCatalog extends Catalog {
  private readonly compiled = new LRUCache<string, Published>({ max: MAX_VERSIONS });
  private readonly newest = new LRUCache<string, Newest>({ max: MAX_VERSIONS });
  /** What was asked for last: a step asks several times, and often many in a row are of one flow. */
  private last: { readonly flow: string; readonly version: number; readonly published: Published } | null = null;
  /** Readings under way, so that a burst of starts compiles once. */
  private readonly reading = new Map<string, Promise<Published | null>>();
  private forgotten = 0;

  constructor(
    private readonly store: DefinitionStore,
    private readonly clock: Clock,
  ) {
    super();
  }

  async get(flow: string, version?: number): Promise<Published | null> {
    if (version !== undefined) return this.cached(flow, version) ?? this.read(flow, version);
    const newest = this.newest.get(flow);
    const known = newest && this.clock.now() < newest.until ? this.cached(flow, newest.version) : undefined;
    return known ?? this.read(flow);
  }

  cached(flow: string, version: number): Published | undefined {
    if (this.last?.version === version && this.last.flow === flow) return this.last.published;
    const published = this.compiled.get(keyOf(flow, version));
    if (published) this.last = { flow, version, published };
    return published;
  }

  /** Makes the next start without a version look for the newest one. */
  forgetNewest(flow: string): void {
    this.newest.delete(flow);
    this.reading.delete(flow);
    this.forgotten++;
  }

  private read(flow: string, version?: number): Promise<Published | null> {
    const key = version === undefined ? flow : keyOf(flow, version);
    const underWay = this.reading.get(key);
    if (underWay) return underWay;
    const reading = this.load(flow, version).finally(() => {
      if (this.reading.get(key) === reading) this.reading.delete(key);
    });
    this.reading.set(key, reading);
    return reading;
  }

  private async load(flow: string, version?: number): Promise<Published | null> {
    const forgotten = this.forgotten;
    const stored = await this.store.find(flow, version);
    if (!stored) return null;
    const published = this.cached(flow, stored.version) ?? compile(stored);
    this.compiled.set(keyOf(flow, stored.version), published);
    // What was read before a publication must not be taken for the newest after it.
    if (version === undefined && forgotten === this.forgotten) {
      this.newest.set(flow, { version: stored.version, until: this.clock.now() + NEWEST_FOR_MS });
    }
    return published;
  }
}

/** Ids hold no "@". */
const keyOf = (flow: string, version: number): string => `${flow}@${version}`;

/** With the kinds as they were when it was published: it is read the same way by every engine, whatever plugins it has. */
function compile({ flow, version, source, kinds }: StoredDefinition): Published {
  const { definition, problems } = readDefinition(source, `${flow}@${version}`, null, CustomKinds.pinned(kinds));
  if (!definition) {
    throw new Error(
      `Expected version ${version} of ${flow} to be readable, as it was published, but ${problems[0]?.message ?? 'it is not'} ` +
        'It was written for another release: run that one, or publish the flow anew.',
    );
  }
  const checks = {
    checkInput: inputCheck(definition.input),
    ...compileFormChecks(definition),
    ...compilePlayChecks(definition),
  };
  return { definition: { ...definition, version }, ...checks };
}

function inputCheck(schema: Published['definition']['input']): (input: unknown) => readonly InputViolation[] {
  return schema === null ? () => [] : compileInputCheck(schema);
}
