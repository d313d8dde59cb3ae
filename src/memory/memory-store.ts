import type { ItemResult } from '../core/flow/event.js';
import { isActive } from '../core/flow/instance.js';
import type { IncidentCode } from '../core/flow/transition.js';
import type { Json } from '../core/json.js';
import { DATABASE_TIMER, type Earliest, LANES, LEASED } from '../core/routing/lane.js';
import type { MessageStore } from '../engine/commit/messages/message-store.js';
import type { FenceStore } from '../engine/health/limits/fence-store.js';
import type { QuarantineChange, QuarantineRecord } from '../engine/operate/quarantine/kept-message.js';
import {
  type ApplyAnswer,
  type ApplyRequest,
  type DeliveryFacts,
  type DeliveryRead,
  type ItemPage,
  type Locked,
  type Moved,
  type NodeKey,
  type StartAnswer,
  type StartCandidate,
  Store,
  type StoredDispatch,
} from '../engine/ports/store.js';
import type { PlayStore } from '../engine/start/plays/play-store.js';
import type { TriggerStore } from '../engine/start/triggers/trigger-store.js';
import { copy, type MemoryRows, order } from './memory-store-rows.js';
import { MemoryFences } from './store/memory-fences.js';
import { MemoryMessages } from './store/memory-messages.js';
import { MemoryPlays } from './store/memory-plays.js';
import { itemsOf, pageWith } from './store/memory-store-items.js';
import { read } from './store/memory-store-read.js';
import { start } from './store/memory-store-start.js';
import { MemoryTriggers } from './store/memory-triggers.js';

/** A store that lives as long as the process, for `sluice run` and tests. Each method runs in one turn: no locks. */
export class MemoryStore extends Store {
  readonly messages: MessageStore;
  readonly triggers: TriggerStore;
  readonly plays: PlayStore;
  readonly fences: FenceStore;

  constructor(private readonly rows: MemoryRows) {
    super();
    this.messages = new MemoryMessages(rows);
    this.triggers = new MemoryTriggers(rows);
    this.plays = new MemoryPlays(rows);
    this.fences = new MemoryFences(rows);
  }

  async now(): Promise<number> {
    return this.rows.clock.now();
  }

  async writable(): Promise<void> {}

  async apply(request: ApplyRequest): Promise<ApplyAnswer> {
    const ids = [...request.wanted.keys()].sort(order);
    const skipped = ids.filter((id) => !this.rows.instances.has(id));
    if (skipped.length < ids.length) {
      const locked = ids.flatMap((id) => this.locked(id, request));
      for (const change of request.decide(locked, this.rows.clock.now())) this.rows.write(change);
    }
    return { skipped };
  }

  async existing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(ids.filter((id) => this.rows.instances.has(id)));
  }

  async start(candidates: readonly StartCandidate[]): Promise<readonly StartAnswer[]> {
    return start(this.rows, candidates);
  }

  async read(deliveries: readonly DeliveryRead[]): Promise<{ now: number; facts: readonly DeliveryFacts[] }> {
    return { now: this.rows.clock.now(), facts: deliveries.map((delivery) => read(this.rows, delivery)) };
  }

  async successors(causes: readonly NodeKey[]): Promise<readonly StoredDispatch[]> {
    return causes.flatMap(({ instance, node, visit }) =>
      this.rows.entriesOf(instance).flatMap((entry) => {
        const { cause, status, queue } = entry.node;
        const caused = cause?.node === node && cause.visit === visit;
        const watched = (status === 'ready' || status === 'waiting') && queue !== null && queue > 0;
        return caused && watched ? this.rows.dispatchOf(entry) : [];
      }),
    );
  }

  async touch(held: readonly NodeKey[]): Promise<void> {
    const now = this.rows.clock.now();
    for (const key of held) {
      const entry = this.rows.entry(key);
      const { queue = null, wakeAt = null } = entry?.node ?? {};
      if (entry !== undefined && queue !== null && queue > 0 && wakeAt !== null && wakeAt < now) {
        entry.node = { ...entry.node, wakeAt: now };
      }
    }
  }

  async claimLost(queue: number, before: number, limit: number): Promise<readonly StoredDispatch[]> {
    const wakeAt = this.rows.clock.now();
    return this.rows
      .due(queue, before)
      .slice(0, limit)
      .flatMap((entry) => {
        entry.node = { ...entry.node, wakeAt };
        return this.rows.dispatchOf(entry);
      });
  }

  async claimDue(limit: number, move: (due: StoredDispatch, now: number) => Moved): Promise<readonly StoredDispatch[]> {
    const wakeAt = this.rows.clock.now();
    const due = this.rows.due(0, wakeAt + 1).slice(0, limit);
    const moves = due.map((entry) => this.rows.dispatchOf(entry).map((stored) => move(copy(stored), wakeAt))[0]);
    return due.flatMap((entry, at) => {
      entry.node = { ...entry.node, wakeAt, dispatch: entry.node.dispatch + 1, ...moves[at] };
      return this.rows.dispatchOf(entry);
    });
  }

  async earliest(lanes: readonly number[] = Object.values(LANES)): Promise<Earliest> {
    const queues = [LEASED, DATABASE_TIMER, ...lanes];
    const due = queues.flatMap((queue) => {
      const wakeAt = this.rows.due(queue, Number.POSITIVE_INFINITY)[0]?.node.wakeAt;
      return wakeAt == null ? [] : [[queue, wakeAt] as const];
    });
    return Object.assign(new Map(due), { now: await this.now() });
  }

  async incidentsWith(code: IncidentCode, after: string, limit: number): Promise<readonly StoredDispatch[]> {
    return [...this.rows.incidents.values()]
      .filter((one) => one.open && one.code === code && one.instance > after)
      .sort((a, b) => order(a.instance, b.instance) || order(a.node, b.node) || a.visit - b.visit)
      .slice(0, limit)
      .flatMap((one) => {
        const entry = this.rows.entry(one);
        return entry === undefined ? [] : this.rows.dispatchOf(entry);
      });
  }

  async output(of: NodeKey): Promise<Json> {
    return JSON.parse(this.rows.entry(of)?.output ?? 'null') as Json;
  }

  async page(of: NodeKey, item: number): Promise<ItemPage | null> {
    return pageWith(this.rows, of, item);
  }

  async items(of: NodeKey, most: number): Promise<readonly ItemResult[] | null> {
    return itemsOf(this.rows, of, most);
  }

  async quarantine(record: QuarantineRecord): Promise<void> {
    const at = this.rows.clock.now();
    const id = String(this.rows.quarantine.length + 1).padStart(12, '0');
    const untouched = { state: 'open', replays: 0, handledBy: null, handledAt: null } as const;
    this.rows.quarantine.push({ ...copy(record), id, at, ...untouched });
  }

  async settleQuarantined(id: string, { state, by, refusal }: QuarantineChange): Promise<boolean> {
    const at = this.rows.quarantine.findIndex((one) => one.id === id && one.state === 'open');
    const row = this.rows.quarantine[at];
    if (row === undefined) return false;
    const replays = row.replays + Number(state !== 'discarded');
    const handled = { handledBy: by, handledAt: this.rows.clock.now() };
    this.rows.quarantine[at] = { ...row, ...refusal, state, replays, ...handled };
    return true;
  }

  private locked(id: string, request: ApplyRequest): Locked[] {
    const stored = this.rows.instances.get(id);
    if (stored === undefined) return [];
    const instance = copy(stored);
    const wanted = request.wanted.get(id) ?? [];
    const whole = request.wantsActive(instance);
    const nodes = this.rows.entriesOf(id).filter(({ node }) => {
      const asked = wanted.some((ref) => ref.node === node.node && ref.visit === node.visit);
      return asked || (whole && isActive(node.status));
    });
    return [{ instance, nodes: nodes.map(({ node }) => copy(node)) }];
  }
}
