import { createHash } from 'node:crypto';
import type { Definition } from '../core/definition/definition.js';
import { callsOf, endlessFlows } from '../core/definition/endless-calls.js';
import { DefinitionStore } from '../engine/ports/definition-store.js';
import type { Problem } from '../language/problem.js';
import { type ReadDefinition, readDefinition } from '../language/read-definition.js';
import { schemaProblem } from '../language/structure/input/schema-problem.js';
import { CustomKinds } from '../language/structure/kinds/task/custom/custom-kinds.js';
import type { CachedCatalog } from './cached-catalog.js';

export interface PublishRequest {
  /** The YAML; at most 256 KiB. */
  readonly source: string | Uint8Array;
  /** Its name, for the problems. */
  readonly file: string;
  /** Omitted: the one the file names, else the next. */
  readonly version?: number;
  /**
   * Content that equals an older version becomes the newest once more, under a new number. For an author who takes
   * a change back; never for engines at start, where one that still has old files would undo a publication.
   */
  readonly again?: boolean;
  /** What reading the source gave, if the caller knows. */
  readonly read?: ReadDefinition;
  /** Flows that are published together with it, by id: it is checked against these, and else against what is published. */
  readonly beside?: ReadonlyMap<string, Definition>;
}

export type PublishAnswer =
  | {
      readonly published: true;
      readonly flow: string;
      readonly version: number;
      /** False when this content is there already. */
      readonly created: boolean;
      /** The version that starts get now; another than `version` when that is older, or somebody activated another. */
      readonly newest: number;
      /** Warnings alone. */
      readonly problems: readonly Problem[];
    }
  /** A problem is an error: nothing was stored. */
  | { readonly published: false; readonly flow: string | null; readonly problems: readonly Problem[] };

/** Checks a definition and makes it a version that never changes. */
export class PublishDefinition {
  constructor(
    private readonly store: DefinitionStore,
    private readonly catalog: CachedCatalog,
    private readonly kinds: CustomKinds = CustomKinds.none,
  ) {}

  /** @throws {VersionConflict} when the version exists with other content. */
  async execute({ version, again = false, ...given }: PublishRequest): Promise<PublishAnswer> {
    const { source } = given;
    const { definition, flow, problems } = await this.check(given);
    if (!definition) return { published: false, flow, problems };
    const text = plainText(source);
    const wanted = version ?? (definition.version > 0 ? definition.version : null);
    const stored = await this.insert(definition, text, wanted, again);
    const newest = stored.created
      ? stored.version
      : ((await this.store.find(definition.flow))?.version ?? stored.version);
    this.catalog.forgetNewest(definition.flow);
    return { published: true, flow: definition.flow, ...stored, newest, problems };
  }

  /** All that publishing looks at; nothing is stored. `flow` is told as soon as it could be read. */
  async check({ source, file, read, beside }: Omit<PublishRequest, 'version' | 'again'>): Promise<{
    readonly definition: Definition | null;
    readonly flow: string | null;
    readonly problems: readonly Problem[];
  }> {
    const { definition, problems } = await this.withOthers(read ?? this.read(source, file), source, file, beside);
    if (!definition) return { definition: null, flow: null, problems };
    const unusable = schemaProblem(definition, plainText(source), file);
    if (!unusable) return { definition, flow: definition.flow, problems };
    return { definition: null, flow: definition.flow, problems: [...problems, unusable] };
  }

  /** What it calls is published already, and may call it back. */
  private async withOthers(
    read: ReadDefinition,
    source: PublishRequest['source'],
    file: string,
    beside: PublishRequest['beside'],
  ): Promise<ReadDefinition> {
    const { definition } = read;
    if (!definition) return read;
    const known = new Map([[definition.flow, definition]]);
    const open = callsOf(definition).map(({ flow }) => flow);
    for (let flow = open.pop(); flow !== undefined; flow = open.pop()) {
      const called = known.has(flow) ? null : (beside?.get(flow) ?? (await this.catalog.get(flow))?.definition);
      if (!called) continue;
      known.set(flow, called);
      open.push(...callsOf(called).map((one) => one.flow));
    }
    return known.size > 1 || endlessFlows(known).has(definition.flow) ? this.read(source, file, known) : read;
  }

  private read(
    source: PublishRequest['source'],
    file: string,
    others?: ReadonlyMap<string, Definition>,
  ): ReadDefinition {
    return readDefinition(source, file, others, this.kinds);
  }

  private async insert(
    definition: Definition,
    source: string,
    version: number | null,
    again: boolean,
  ): Promise<{ version: number; created: boolean }> {
    const { flow, title, description } = definition;
    const pinned = this.kinds.pinnedBy(definition);
    const row = { flow, title, description, source, version, ...(pinned !== null && { kinds: pinned }) };
    // With other kinds the same text is another flow.
    const mark = CustomKinds.mark(pinned);
    const content = mark === '' ? source : `${source}\n# kinds ${mark}`;
    if (!again || version !== null) return this.store.insert({ ...row, sha256: sha256(content) });
    // Not what was activated: to take that back, nobody publishes.
    const newest = await this.store.find(flow, (await this.store.versions(flow)).at(-1) ?? 0);
    if (newest?.source === source && CustomKinds.mark(newest.kinds) === mark)
      return { version: newest.version, created: false };
    const first = await this.store.insert({ ...row, sha256: sha256(content) });
    if (first.created || !newest) return first;
    // The hash names the content and what it follows, so that two who take back the same change make one version.
    return this.store.insert({ ...row, sha256: sha256(`${content}\n# after version ${newest.version}`) });
  }
}

/** Editors and version control change line ends and marks at the beginning; neither makes another definition. */
function plainText(source: string | Uint8Array): string {
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  return text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
