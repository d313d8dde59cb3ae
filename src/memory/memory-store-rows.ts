import type { Instance, NodeInstance } from '../core/flow/instance.js';
import type { FenceState } from '../core/flow/tries/tcc/fence.js';
import type {
  Beyond,
  ManualRecord,
  MessageRecord,
  SignalRecord,
  WaitRecord,
} from '../engine/commit/messages/message-store.js';
import type { Clock } from '../engine/ports/clock.js';
import type { ActiveVersion, StoredDefinition } from '../engine/ports/definition-store.js';
import type { AttemptRecord, Changes, IncidentRecord, NodeKey, StoredDispatch } from '../engine/ports/store.js';
import type { QuarantineView } from '../engine/ports/views.js';
import type { PlayRevision } from '../engine/start/plays/play-store.js';
import type { TickCursor, TriggerCount } from '../engine/start/triggers/trigger-store.js';

export interface NodeEntry {
  readonly instance: string;
  node: NodeInstance;
  /** JSON; `null` until there is one. */
  output: string | null;
}

export interface IncidentEntry extends IncidentRecord {
  readonly instance: string;
  open: boolean;
}

export interface KeptMessage extends MessageRecord {
  state: 'open' | 'claimed' | 'taken';
  by: WaitRecord | null;
  claimedAt: number;
}

/** What the databases hold, in maps. Everything that goes in or out is a copy through JSON, as it would be there. */
export class MemoryRows {
  readonly instances = new Map<string, Instance>();
  /** By instance, then by node and visit. */
  readonly nodes = new Map<string, Map<string, NodeEntry>>();
  /** JSON by instance. */
  readonly inputs = new Map<string, string>();
  /** JSON by instance and name. */
  readonly vars = new Map<string, Map<string, string>>();
  readonly attempts = new Map<string, Map<string, AttemptRecord>>();
  readonly incidents = new Map<string, IncidentEntry>();
  /** Live instance by flow and business key. */
  readonly keys = new Map<string, string>();
  readonly receipts = new Map<string, { readonly instance: string; readonly expiresAt: number }>();
  readonly quarantine: QuarantineView[] = [];
  readonly definitions = new Map<string, StoredDefinition[]>();
  readonly active = new Map<string, ActiveVersion>();
  readonly messages = new Map<string, KeptMessage>();
  /** By node instance. */
  readonly waits = new Map<string, WaitRecord>();
  readonly signals = new Map<string, SignalRecord>();
  /** By node instance. */
  readonly manual = new Map<string, ManualRecord>();
  readonly fences = new Map<string, FenceState>();
  readonly triggers = {
    /** When each was made. */
    claims: new Map<string, number>(),
    shares: new Map<string, number>(),
    counts: new Map<string, TriggerCount>(),
    ticks: new Map<string, TickCursor>(),
  };
  readonly plays = {
    /** By code, the oldest first. */
    revisions: new Map<string, PlayRevision[]>(),
    /** Play by instance. */
    started: new Map<string, string>(),
  };

  constructor(readonly clock: Clock) {}

  entry({ instance, node, visit }: NodeKey): NodeEntry | undefined {
    return this.nodes.get(instance)?.get(nodeName({ node, visit }));
  }

  entriesOf(instance: string): NodeEntry[] {
    return [...(this.nodes.get(instance)?.values() ?? [])];
  }

  /** Rows due on a queue before a time, oldest first. */
  due(queue: number, before: number): NodeEntry[] {
    const rows: NodeEntry[] = [];
    for (const entries of this.nodes.values()) {
      for (const entry of entries.values()) {
        const { queue: on, wakeAt } = entry.node;
        if (on === queue && wakeAt !== null && wakeAt < before) rows.push(entry);
      }
    }
    return rows.sort((a, b) => (a.node.wakeAt ?? 0) - (b.node.wakeAt ?? 0) || byName(a, b));
  }

  dispatchOf(entry: NodeEntry): StoredDispatch[] {
    const instance = this.instances.get(entry.instance);
    if (instance === undefined) return [];
    const { id, flow, version } = instance;
    return [{ instance: id, flow, version, node: copy(entry.node) }];
  }

  write(change: Changes): void {
    const { id, flow, key } = change.instance;
    if (change.instanceChanged) this.instances.set(id, copy(change.instance));
    const nodes = within(this.nodes, id);
    for (const node of change.nodes) {
      const stored = nodes.get(nodeName(node));
      nodes.set(nodeName(node), { instance: id, node: copy(node), output: stored?.output ?? null });
    }
    for (const { output, ...ref } of change.outputs) {
      const stored = nodes.get(nodeName(ref));
      if (stored !== undefined) stored.output = JSON.stringify(output);
    }
    const vars = within(this.vars, id);
    for (const [name, value] of Object.entries(change.vars)) vars.set(name, JSON.stringify(value));
    const attempts = within(this.attempts, id);
    for (const one of change.attempts) attempts.set(`${nodeName(one)}.${one.attempt}.${one.poll}`, copy(one));
    this.writeIncidents(change);
    if (change.beyond) this.writeBeyond(change.beyond);
    if (change.ended && key !== null && this.keys.get(keyName(flow, key)) === id) this.keys.delete(keyName(flow, key));
  }

  private writeBeyond({ opened, closed, taken, signals, manual }: Beyond): void {
    for (const one of manual?.closed ?? []) this.manual.delete(waitName(one));
    for (const one of manual?.opened ?? []) this.manual.set(waitName(one), copy(one));
    for (const wait of closed) this.waits.delete(waitName(wait));
    for (const wait of opened) this.waits.set(waitName(wait), copy(wait));
    for (const signal of signals) this.signals.set(signal.id, copy(signal));
    for (const id of taken) {
      const message = this.messages.get(id);
      if (message) message.state = 'taken';
    }
  }

  private writeIncidents(change: Changes): void {
    const instance = change.instance.id;
    for (const ref of change.resolved) {
      for (const one of this.incidents.values()) if (one.instance === instance && same(one, ref)) one.open = false;
    }
    for (const raised of change.raised) {
      const last = change.nodes.find((node) => same(node, raised));
      const closed = change.resolved.some((ref) => same(ref, raised));
      const open = last === undefined ? !closed : last.status === 'incident';
      this.incidents.set(`${instance}.${nodeName(raised)}.${raised.at}`, { ...copy(raised), instance, open });
    }
  }
}

export const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
export const nodeName = ({ node, visit }: { node: string; visit: number }): string => `${node}.${visit}`;
export const waitName = ({ instance, node, visit }: NodeKey): string => `${instance}.${node}.${visit}`;
export const keyName = (flow: string, key: string): string => `${flow} ${key}`;
export const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byName = (a: NodeEntry, b: NodeEntry): number =>
  order(a.instance, b.instance) || order(a.node.node, b.node.node) || a.node.visit - b.node.visit;

const same = (a: { node: string; visit: number }, b: { node: string; visit: number }): boolean =>
  a.node === b.node && a.visit === b.visit;

function within<V>(maps: Map<string, Map<string, V>>, id: string): Map<string, V> {
  let map = maps.get(id);
  if (map === undefined) {
    map = new Map();
    maps.set(id, map);
  }
  return map;
}
