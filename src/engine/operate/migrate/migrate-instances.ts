import type { Definition } from '../../../core/definition/definition.js';
import { isActive } from '../../../core/flow/instance.js';
import { migrate } from '../../../core/flow/overhaul/migrate.js';
import type { Obstacle } from '../../../core/flow/overhaul/whole-instance.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { Catalog, Published } from '../../ports/catalog.js';
import type { Log } from '../../ports/log.js';
import type { Store } from '../../ports/store.js';
import type { InstanceView, Views } from '../../ports/views.js';
import { type Page, pageOf } from './page-of.js';
import { signatureOf } from './signature.js';

/** Tries to find an instance at rest that is just being worked on. */
const TRIES = 5;

export interface MigrateCommand {
  readonly flow: string;
  /** The version to go on in. */
  readonly to: number;
  /** Only instances of this version; omitted: of every other one. */
  readonly from?: number;
  /** These alone; omitted: all that are not over, page by page. */
  readonly instances?: readonly string[];
  /** Only says what would come of it. */
  readonly dryRun: boolean;
  readonly by: string;
  readonly cursor?: string;
  /** Most instances of a page, 1 to 200. */
  readonly limit: number;
}

export interface MigratedOne {
  readonly instance: string;
  readonly key: string | null;
  readonly from: number;
  /** `moves`: it would. `moved`: it did. `stays`: it cannot, see the obstacles. `busy`: it never stood still; ask again. */
  readonly outcome: 'moves' | 'moved' | 'stays' | 'busy';
  /** What is active in it. */
  readonly nodes: readonly { readonly node: string; readonly visit: number; readonly status: string }[];
  readonly obstacles: readonly Obstacle[];
}

export interface MigrationReport {
  readonly items: readonly MigratedOne[];
  /** Where to go on; `null` at the end. */
  readonly next: string | null;
}

export interface MigrationRefusal {
  readonly reason: 'unknown-version';
  readonly message: string;
}

/**
 * Lets instances go on in another version of their flow: each in a transaction of its own that holds its lock, so that a
 * command that is cut short has moved some and harmed none, and can be given again.
 */
export class MigrateInstances {
  constructor(
    private readonly store: Store,
    private readonly views: Views,
    private readonly catalog: Catalog,
    private readonly log: Log,
  ) {}

  async execute(command: MigrateCommand): Promise<Result<MigrationReport, MigrationRefusal>> {
    const { flow, to } = command;
    const target = await this.catalog.get(flow, to);
    if (!target) {
      const message = `Expected a published version ${to} of ${flow}, but there is none. Publish it first.`;
      return err({ reason: 'unknown-version', message });
    }
    const page = await this.page(command);
    const items: MigratedOne[] = [];
    for (const id of page.ids) {
      const one = await this.one(id, target, command);
      if (one) items.push(one);
    }
    return ok({ items, next: page.next });
  }

  private page({ flow, to, from, instances, cursor, limit }: MigrateCommand): Promise<Page> {
    if (instances) return Promise.resolve({ ids: instances, next: null });
    const isMeant = (version: number): boolean => version !== to && (from === undefined || version === from);
    return pageOf(this.views, flow, { ...(cursor !== undefined && { cursor }), limit }, isMeant);
  }

  /** `null`: there is no such instance of this flow. */
  private async one(id: string, target: Published, command: MigrateCommand): Promise<MigratedOne | null> {
    for (let tries = 1; ; tries++) {
      const view = await this.views.instance(id);
      if (view?.instance.flow !== command.flow) return null;
      const from = await this.catalog.get(command.flow, view.instance.version);
      if (!from) throw new Error(`Expected version ${view.instance.version} of ${command.flow}, but it is gone.`);
      const one = await this.attempt(view, from.definition, target, command);
      if (one.outcome !== 'busy' || tries === TRIES) return one;
    }
  }

  private async attempt(
    view: InstanceView,
    from: Definition,
    target: Published,
    { dryRun, by }: MigrateCommand,
  ): Promise<MigratedOne> {
    const { id, key, version } = view.instance;
    const active = view.nodes.filter(({ status }) => isActive(status));
    const nodes = active.map(({ node, visit, status }) => ({ node, visit, status }));
    const told = (outcome: MigratedOne['outcome'], obstacles: readonly Obstacle[] = []): MigratedOne => {
      return { instance: id, key, from: version, outcome, nodes, obstacles };
    };
    const looked = migrate(from, target.definition, view, { at: view.now, by });
    const unfit = inputObstacle(target, view);
    if (!looked.ok || unfit) return told('stays', [...(looked.ok ? [] : looked.error), ...(unfit ? [unfit] : [])]);
    if (dryRun) return told('moves');
    let moved = false;
    const seen = signatureOf(view.instance, active);
    await this.store.apply({
      wanted: new Map([[id, []]]),
      wantsActive: () => true,
      decide: (found, now) => {
        moved = false;
        const [one] = found;
        // What was read without the lock counts only if nothing has happened since.
        if (!one || signatureOf(one.instance, one.nodes) !== seen) return [];
        const done = migrate(from, target.definition, view, { at: now, by });
        if (!done.ok) return [];
        moved = true;
        const { instance, nodes: rows, vars } = done.value;
        // A lease may have been renewed, or a dispatch found again, since it was read: its edges alone are others.
        const locked = new Map(one.nodes.map((row) => [`${row.node} ${row.visit}`, row]));
        const nodes = rows.map((row) => ({ ...(locked.get(`${row.node} ${row.visit}`) ?? row), via: row.via }));
        return [{ ...NOTHING, instance, nodes, vars }];
      },
    });
    if (!moved) return told('busy');
    const { version: to } = target.definition;
    this.log.info('An instance goes on in another version of its flow.', { instance: id, from: version, to, by });
    return told('moved');
  }
}

const NOTHING = {
  instanceChanged: true,
  outputs: [],
  vars: {},
  attempts: [],
  raised: [],
  resolved: [],
  ended: false,
} as const;

function inputObstacle({ checkInput }: Published, { input }: InstanceView): Obstacle | null {
  const [first] = checkInput(input);
  if (!first) return null;
  return {
    node: null,
    visit: null,
    code: 'INPUT_DOES_NOT_FIT',
    message: `${first.message} It is that of the new version.`,
  };
}
