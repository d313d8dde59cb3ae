import { FollowOrders } from '../../../src/catalog/orders/follow-orders.js';
import { Engine } from '../../../src/engine/engine.js';
import { type EngineHead, GroupStore } from '../../../src/engine/health/groups/group-store.js';
import type { TaskHandler } from '../../../src/engine/ports/handlers.js';
import { EMBEDDED_TUNING, type Tuning } from '../../../src/engine/ports/tuning.js';
import { MemoryOrdersBus } from '../../../src/memory/health/memory-orders-bus.js';
import { MemoryBroker } from '../../../src/memory/memory-broker.js';
import { SystemClock } from '../../../src/memory/system-clock.js';
import { NodeIdentity } from '../../../src/programs/process/node-identity.js';
import { HandlerRegistry } from '../../../src/worker/handler-registry.js';
import { InProcessAttemptRunner } from '../../../src/worker/in-process-attempt-runner.js';
import { type Opened, openSqlite } from '../../contract/store/opened.js';
import { KeptLog, LateCatalog } from '../bench.js';

/** Intervals under which a group is known, gone and forgotten within seconds. */
export const QUICK_GROUPS = { everyMs: 60, upMs: 400, rememberMs: 30_000, oldMs: 600 };

/** One engine of a group, and how to end it as `kill -9` does: nobody is told. */
export interface Member {
  readonly engine: Engine;
  readonly handlers: HandlerRegistry;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Engines with different handlers on one file and one broker, each as if it were a process of its own. */
export class GroupBench {
  readonly clock = new SystemClock();
  readonly broker = new MemoryBroker(this.clock);
  readonly catalog = new LateCatalog();
  readonly log = new KeptLog();
  private readonly bus = new MemoryOrdersBus();
  private readonly members: Member[] = [];

  private constructor(readonly opened: Required<Opened>) {}

  static async open(...sources: readonly string[]): Promise<GroupBench> {
    const bench = new GroupBench((await openSqlite()) as Required<Opened>);
    for (const source of sources) bench.catalog.publish(source);
    return bench;
  }

  async start(
    group: string,
    named: Readonly<Record<string, TaskHandler>>,
    tuning: Partial<Tuning> = {},
  ): Promise<Member> {
    const { clock, broker, catalog, log, opened } = this;
    const handlers = new HandlerRegistry();
    for (const [name, handler] of Object.entries(named)) handlers.register(name, handler);
    const groups = new Mortal(opened.groups);
    const { store, views, lanes, limits, orders } = opened;
    const sizes = {
      ...EMBEDDED_TUNING,
      laneEveryMs: 30,
      drainMs: 500,
      abortMs: 50,
      group,
      groups: QUICK_GROUPS,
      ...tuning,
    };
    const runner = new InProcessAttemptRunner(clock, log);
    const parts = { store, views, lanes, limits, groups, broker, catalog, handlers, runner, clock, log };
    const engine = new Engine({ ...parts, identity: new NodeIdentity(), tuning: sizes });
    const follow = new FollowOrders(orders, clock, log, this.bus);
    engine.lanes.announceBy(() => follow.announce());
    await follow.start({ rules: [], overrides: [], version: null }, (all) => {
      engine.router.follow(all);
      engine.lanes.follow(all);
    });
    await engine.start();
    const stop = async (): Promise<void> => {
      follow.close();
      await engine.stop();
    };
    const kill = (): Promise<void> => {
      groups.isDead = true;
      return stop();
    };
    const member = { engine, handlers, stop, kill };
    this.members.push(member);
    return member;
  }

  async run({ engine }: Member, flow: string, input: object = {}): Promise<string> {
    const answer = await engine.startInstance.execute({ flow, input });
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value.id;
  }

  async state(id: string) {
    const [state] = (await this.opened.views.states([id])).items;
    if (!state) throw new Error(`Expected an instance ${id}, but there is none.`);
    return state;
  }

  async node(id: string, node: string) {
    return (await this.state(id)).nodes.find((one) => one.node === node);
  }

  async end(): Promise<void> {
    for (const { stop } of this.members) await stop();
    await this.broker.close();
    await this.opened.close();
  }
}

/** Says nothing any more once its engine is dead. */
class Mortal extends GroupStore {
  isDead = false;

  constructor(private readonly store: GroupStore) {
    super();
  }

  override async announce(word: Parameters<GroupStore['announce']>[0]): Promise<void> {
    if (!this.isDead) await this.store.announce(word);
  }

  override async stay(engine: string, upUntil: number): Promise<void> {
    if (!this.isDead) await this.store.stay(engine, upUntil);
  }

  override heads(): Promise<readonly EngineHead[]> {
    return this.store.heads();
  }

  override handlersOf(engines: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.store.handlersOf(engines);
  }

  override waiting(...asked: Parameters<GroupStore['waiting']>): ReturnType<GroupStore['waiting']> {
    return this.store.waiting(...asked);
  }

  override move(...asked: Parameters<GroupStore['move']>): ReturnType<GroupStore['move']> {
    return this.store.move(...asked);
  }

  override forget(before: number): Promise<void> {
    return this.store.forget(before);
  }
}
