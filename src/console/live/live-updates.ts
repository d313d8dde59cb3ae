import { once } from 'node:events';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { z } from 'zod';
import { Log } from '../../engine/ports/log.js';
import { Views } from '../../engine/ports/views.js';
import { Problem } from '../http/problem.js';
import { ShownStates } from '../instances/shown-states.js';
import { instanceEvent } from '../instances/write-views.js';
import type * as views from '../views.js';
import { Watcher } from './watcher.js';

const POLL_MS = 400;
const BEAT_MS = 15_000;
const MOST = 200;
const MOST_PER_TOKEN = 5;
/** How many of the newest instances the topic `instances` covers. */
const NEWEST = 50;
/** How long a stop waits for clients to take the end of their stream. */
const FAREWELL_MS = 500;

type Event = z.output<typeof views.InstanceEvent>;

/** Sends changes to everyone who watches. One poller reads for all of them, and only while there are any. */
@Injectable()
export class LiveUpdates implements OnModuleDestroy {
  readonly #watchers = new Map<Watcher, string>();
  #polling: NodeJS.Timeout | null = null;
  #beating: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(
    @Inject(Views) private readonly views: Views,
    @Inject(ShownStates) private readonly shown: ShownStates,
    @Inject(Log) private readonly log: Log,
  ) {}

  get watching(): number {
    return this.#watchers.size;
  }

  /** @param owner whose token it is: nobody holds more than a few streams. */
  open(owner: string, topics: readonly string[]): Watcher {
    const own = [...this.#watchers.values()].filter((other) => other === owner).length;
    if (this.#stopped || this.#watchers.size >= MOST || own >= MOST_PER_TOKEN) throw full(own >= MOST_PER_TOKEN);
    const ids = topics.filter((topic) => topic !== 'instances').map((topic) => topic.slice('instance:'.length));
    const watcher = new Watcher(topics.includes('instances'), new Set(ids));
    this.#watchers.set(watcher, owner);
    watcher.stream.once('close', () => this.#leave(watcher));
    watcher.stream.on('error', () => {});
    this.#beating ??= setInterval(() => this.#beat(), BEAT_MS).unref();
    this.#polling ??= setTimeout(() => void this.#poll(), 0).unref();
    return watcher;
  }

  /** Ends every stream, so that clients reconnect elsewhere and the server can close. */
  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    const open = [...this.#watchers.keys()];
    const taken = open.map((watcher) => once(watcher.stream, 'close'));
    for (const { stream } of open) stream.end();
    const late = new Promise((resolve) => setTimeout(resolve, open.length > 0 ? FAREWELL_MS : 0));
    await Promise.race([Promise.all(taken), late]);
    for (const { stream } of open) stream.destroy();
    this.#rest();
  }

  #leave(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size === 0) this.#rest();
  }

  #rest(): void {
    if (this.#polling) clearTimeout(this.#polling);
    if (this.#beating) clearInterval(this.#beating);
    this.#polling = null;
    this.#beating = null;
  }

  #beat(): void {
    for (const watcher of this.#watchers.keys()) watcher.beat();
  }

  async #poll(): Promise<void> {
    try {
      await this.#tell();
    } catch (error) {
      this.log.warn('live updates could not be read', { error: String(error) });
    }
    if (this.#watchers.size > 0 && !this.#stopped) this.#polling = setTimeout(() => void this.#poll(), POLL_MS).unref();
    else this.#polling = null;
  }

  async #tell(): Promise<void> {
    const watchers = [...this.#watchers.keys()];
    const ids = [...new Set(watchers.flatMap(({ ids }) => [...ids]))];
    const listed = watchers.some(({ list }) => list);
    const [states, newest] = await Promise.all([
      ids.length > 0 ? this.views.states(ids) : { now: 0, items: [] },
      listed ? this.views.instances({ limit: NEWEST }) : { items: [] },
    ]);
    const rows = newest.items.map((instance) => instanceEvent({ instance }, 0, this.shown.of));
    const whole = new Map(
      states.items.map((state) => [state.instance.id, instanceEvent(state, states.now, this.shown.of)]),
    );
    for (const watcher of watchers) {
      for (const event of whole.values()) if (watcher.ids.has(event.id)) sendChanges(watcher, event);
      for (const row of watcher.list ? rows : []) if (!watcher.ids.has(row.id)) sendChanges(watcher, row);
      // What is among the newest no more does not come back: a stream may be open for days.
      if (watcher.list) watcher.forget(new Set(rows.map(({ id }) => id)));
    }
  }
}

/** Sends an instance when it, or one of its nodes, differs from what this watcher was told last. */
function sendChanges(watcher: Watcher, event: Event): void {
  const { nodes, ...row } = event;
  const differs = (key: string, value: unknown): boolean => {
    const text = JSON.stringify(value);
    if (watcher.sent.get(key) === text) return false;
    watcher.sent.set(key, text);
    return true;
  };
  const changed = nodes?.filter((node) => differs(node.id, node));
  if (differs(row.id, row) || (changed && changed.length > 0)) {
    watcher.send('instance', changed ? { ...row, nodes: changed } : row);
  }
}

function full(own: boolean): Problem {
  const sentence = own
    ? `Expected at most ${MOST_PER_TOKEN} event streams per token, but they are all open. Close one.`
    : `Expected at most ${MOST} event streams, but they are all open. Try again later.`;
  return new Problem(503, 'TOO_MANY_STREAMS', sentence, { headers: { 'retry-after': '5' } });
}
