import type { Definition } from '../../../src/core/definition/definition.js';
import type { Instance, InstanceStatus, NodeInstance } from '../../../src/core/flow/instance.js';
import { Catalog, type InputViolation, type Published } from '../../../src/engine/ports/catalog.js';
import {
  type ActiveVersion,
  DefinitionStore,
  type StoredDefinition,
  VersionConflict,
} from '../../../src/engine/ports/definition-store.js';
import { Log } from '../../../src/engine/ports/log.js';
import {
  type CheckAnswer,
  type PublishAnswer,
  Publisher,
  type PublishOrder,
} from '../../../src/engine/ports/publisher.js';
import {
  type InstanceFilter,
  type InstanceView,
  type OpenIncident,
  type Page,
  type QuarantineFilter,
  type QuarantineView,
  Views,
} from '../../../src/engine/ports/views.js';
import { orderDefinition } from './order-flow.js';

/** Instances in a map, newest first by id. */
export class MemoryViews extends Views {
  readonly all = new Map<string, InstanceView>();
  readonly incidentRows: OpenIncident[] = [];
  readonly quarantineRows: QuarantineView[] = [];
  reads = 0;
  now = 10_000;
  failure: Error | null = null;

  put(instance: Instance, nodes: readonly NodeInstance[] = [], more: Partial<InstanceView> = {}): void {
    const views = nodes.map((node) => ({ ...node, output: null }));
    this.all.set(instance.id, {
      instance,
      input: {},
      vars: {},
      nodes: views,
      attempts: [],
      incidents: [],
      now: this.now,
      ...more,
    });
  }

  override async instances(filter: InstanceFilter): Promise<Page<Instance>> {
    this.#read();
    const rows = [...this.all.values()].map(({ instance }) => instance).sort((a, b) => (a.id < b.id ? 1 : -1));
    const kept = rows.filter(
      (row) =>
        (filter.flow === undefined || row.flow === filter.flow) &&
        (filter.status === undefined || row.status === filter.status) &&
        (filter.key === undefined || row.key?.startsWith(filter.key)) &&
        (filter.cursor === undefined || row.id < filter.cursor),
    );
    return pageOf(kept, filter.limit, ({ id }) => id);
  }

  override async instance(id: string): Promise<InstanceView | null> {
    this.#read();
    return this.all.get(id) ?? null;
  }

  override async states(ids: readonly string[]) {
    this.#read();
    return { now: this.now, items: ids.flatMap((id) => this.all.get(id) ?? []) };
  }

  override async counts() {
    const counts: Record<string, Partial<Record<InstanceStatus, number>>> = {};
    for (const { instance } of this.all.values()) {
      const flow = counts[instance.flow] ?? {};
      counts[instance.flow] = { ...flow, [instance.status]: (flow[instance.status] ?? 0) + 1 };
    }
    return counts;
  }

  override async incidents({ limit, cursor }: { cursor?: string; limit: number }) {
    return pageOf(
      this.incidentRows.filter(({ id }) => cursor === undefined || id < cursor),
      limit,
      ({ id }) => id,
    );
  }

  override async quarantined({ limit, cursor, state }: QuarantineFilter) {
    const rows = this.quarantineRows.filter((row) => state === undefined || row.state === state);
    return pageOf(
      rows.filter(({ id }) => cursor === undefined || id < cursor),
      limit,
      ({ id }) => id,
    );
  }

  override async manualTasks() {
    return { items: [], next: null };
  }

  override async quarantinedOne(id: string) {
    return this.quarantineRows.find((row) => row.id === id) ?? null;
  }

  override async audit() {
    return { looked: 0, odd: [], next: null };
  }

  #read(): void {
    this.reads += 1;
    if (this.failure) throw this.failure;
  }
}

function pageOf<T>(rows: readonly T[], limit: number, id: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? id(last) : null };
}

export class MemoryCatalog extends Catalog {
  readonly published = new Map<string, Published>();

  put(definition: Definition, checkInput: (input: unknown) => readonly InputViolation[] = () => []): void {
    this.published.set(`${definition.flow} ${definition.version}`, { definition, checkInput });
  }

  override async get(flow: string, version?: number): Promise<Published | null> {
    return this.cached(flow, version ?? 1) ?? null;
  }

  override cached(flow: string, version: number): Published | undefined {
    return this.published.get(`${flow} ${version}`);
  }
}

export class MemoryDefinitions extends DefinitionStore {
  readonly rows: StoredDefinition[] = [];
  readonly activated = new Map<string, ActiveVersion>();

  override async insert(definition: Omit<StoredDefinition, 'version' | 'publishedAt'> & { version: number | null }) {
    const same = this.rows.find(({ flow, sha256 }) => flow === definition.flow && sha256 === definition.sha256);
    if (same) return { version: same.version, created: false };
    const version = definition.version ?? this.rows.filter(({ flow }) => flow === definition.flow).length + 1;
    if (this.rows.some((row) => row.flow === definition.flow && row.version === version)) {
      throw new VersionConflict(
        `Expected version ${version} of ${definition.flow} to be free, but it has other content.`,
      );
    }
    this.rows.push({ ...definition, version, publishedAt: 0 });
    return { version, created: true };
  }

  override async find(flow: string, version?: number): Promise<StoredDefinition | null> {
    const wanted = version ?? this.activated.get(flow)?.version;
    return this.rows.findLast((row) => row.flow === flow && (wanted === undefined || row.version === wanted)) ?? null;
  }

  override async versions(flow: string): Promise<readonly number[]> {
    return this.rows.filter((row) => row.flow === flow).map(({ version }) => version);
  }

  override async newest(): Promise<readonly StoredDefinition[]> {
    return [...new Map(this.rows.map((row) => [row.flow, row])).values()];
  }

  override async activate(flow: string, version: number, by: string): Promise<boolean> {
    if (!this.rows.some((row) => row.flow === flow && row.version === version)) return false;
    this.activated.set(flow, { version, by, at: 0 });
    return true;
  }

  override async active(): Promise<ReadonlyMap<string, ActiveVersion>> {
    return this.activated;
  }
}

/** Publishes whatever begins with `flow: NAME`; anything else has one error. */
export class MemoryPublisher extends Publisher {
  constructor(private readonly definitions: DefinitionStore) {
    super();
  }

  override async execute({ source, file, version }: PublishOrder): Promise<PublishAnswer> {
    const flow = /^flow: (\w+)/.exec(source)?.[1];
    if (!flow) {
      const problem = {
        code: 'YAML01',
        severity: 'error',
        message: 'Expected flow, but there is none.',
        hint: null,
        file,
        line: 1,
        column: 1,
      } as const;
      return { flow: null, version: null, created: false, problems: [problem] };
    }
    const row = { flow, version: version ?? null, title: null, description: null, sha256: source, source };
    return { flow, ...(await this.definitions.insert(row)), problems: [] };
  }

  override async check({ source, file }: PublishOrder): Promise<CheckAnswer> {
    const { problems } = await this.execute({ source: source.startsWith('flow:') ? '' : source, file });
    return source.startsWith('flow:')
      ? { definition: orderDefinition(), problems: [] }
      : { definition: null, problems };
  }
}

export class MemoryLog extends Log {
  readonly lines: string[] = [];
  override info(message: string, facts?: object): void {
    this.#add('info', message, facts);
  }
  override warn(message: string, facts?: object): void {
    this.#add('warn', message, facts);
  }
  override error(message: string, facts?: object): void {
    this.#add('error', message, facts);
  }
  #add(level: string, message: string, facts: object = {}): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(facts)}`);
  }
}
