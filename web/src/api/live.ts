import { reconnectDelayMs, type SseMessage, sseReader } from '../model/sse.js';
import { call, Problem } from './client.js';
import { currentToken, onToken } from './session.js';
import type { InstanceEvent } from './types.js';

export type LiveState = 'connecting' | 'open' | 'closed';
type Heard = (event: InstanceEvent) => void;

/** A stream that says nothing for this long, not even a heartbeat, is dead. */
const SILENCE_MS = 60_000;

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
  open(): () => void {
    const forget = onToken(() => this.#restart());
    this.#restart();
    return () => {
      forget();
      this.#stop();
    };
  }

  /** Also hear the nodes of this instance; `null`: of none. */
  follow(instance: string | null): void {
    if (instance === this.#instance) return;
    this.#instance = instance;
    this.#restart();
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
    this.#set('closed');
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#set('connecting');
      try {
        await this.#read(signal);
      } catch (error) {
        if (error instanceof Problem && (error.status === 401 || error.status === 403)) return this.#lost(signal);
      }
      if (signal.aborted) return;
      this.#failures += 1;
      this.#lost(signal);
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
    const again = this.#failures > 0 || this.#lastId !== null;
    this.#failures = 0;
    this.#set('open');
    if (again) for (const gap of this.#gaps) gap();
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

  #lost(signal: AbortSignal): void {
    if (!signal.aborted) this.#set('closed');
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
