import { reconnectDelayMs, type SseMessage, sseReader } from '../model/sse.js';
import { call, Problem } from './client.js';
import { currentToken, onToken } from './session.js';
import type { InstanceEvent } from './wire.js';

export type LiveState = 'connecting' | 'open' | 'closed';
type Heard = (event: InstanceEvent) => void;

/** A stream that says nothing for this long, not even a heartbeat, is dead. */
const SILENCE_MS = 60_000;
/** A tab that nobody has seen for this long gives its stream back: a token has only a few. */
const UNSEEN_MS = 30_000;

/**
 * The one event stream of this tab. It is read by `fetch`, since an EventSource cannot send the token; it resumes after
 * the last event it saw, and `onGap` says when something may have been missed, so that what is shown is read anew.
 */
class LiveStream {
  #state: LiveState = 'closed';
  #instance: string | null = null;
  #lastId: string | null = null;
  #lastAt: number | null = null;
  #abort: AbortController | null = null;
  #failures = 0;
  /** Whether the stream was open once and then broke: changes may have gone by unheard. */
  #missed = false;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<Heard>();
  readonly #gaps = new Set<() => void>();

  state = (): LiveState => this.#state;
  /** When something was last heard, heartbeats too; milliseconds since the epoch. */
  lastAt = (): number | null => this.#lastAt;

  watch = (watcher: () => void): (() => void) => add(this.#watchers, watcher);
  onEvent = (listener: Heard): (() => void) => add(this.#listeners, listener);
  onGap = (listener: () => void): (() => void) => add(this.#gaps, listener);

  /** Starts listening, and follows the token. */
  open(): void {
    onToken(() => this.#restart());
    let unseen: ReturnType<typeof setTimeout> | undefined;
    document.addEventListener('visibilitychange', () => {
      clearTimeout(unseen);
      if (document.hidden) unseen = setTimeout(() => this.#stop(), UNSEEN_MS);
      else if (!this.#abort) this.#restart();
    });
    this.#restart();
  }

  /** Also hear the nodes of this instance; `null`: of none. */
  follow(instance: string | null): void {
    if (instance === this.#instance) return;
    this.#instance = instance;
    const missed = this.#missed;
    this.#restart();
    // A new stream begins with all that it covers: changing over misses nothing.
    this.#missed = missed;
  }

  #restart(): void {
    this.#stop();
    if (!currentToken()) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#failures = 0;
    void this.#run(abort.signal);
  }

  #stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.#lost();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#set('connecting');
      try {
        await this.#read(signal);
      } catch (error) {
        const refused = error instanceof Problem && (error.status === 401 || error.status === 403);
        if (refused && !signal.aborted) return this.#lost();
      }
      if (signal.aborted) return;
      this.#failures += 1;
      this.#lost();
      await pause(reconnectDelayMs(this.#failures), signal);
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const topics = this.#instance ? `instances,instance:${this.#instance}` : 'instances';
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (this.#lastId) headers['Last-Event-ID'] = this.#lastId;
    const silence = new AbortController();
    const response = await call(`/events?topics=${encodeURIComponent(topics)}`, {
      headers,
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.body) return;
    const missed = this.#missed;
    this.#failures = 0;
    this.#missed = false;
    this.#set('open');
    if (missed) for (const gap of this.#gaps) gap();
    const feed = sseReader((message) => this.#heard(message));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      this.#lastAt = Date.now();
      feed(value);
    }
  }

  #heard(message: SseMessage): void {
    if (message.id !== null) this.#lastId = message.id;
    if (message.event !== 'instance') return;
    const event = JSON.parse(message.data) as InstanceEvent;
    for (const listener of this.#listeners) listener(event);
  }

  #lost(): void {
    if (this.#state === 'open') this.#missed = true;
    this.#set('closed');
  }

  #set(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
  }
}

export const live = new LiveStream();

function add<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => {
    set.delete(item);
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
