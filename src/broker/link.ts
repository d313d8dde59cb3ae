import { AmqpConnectionManagerClass } from 'amqp-connection-manager';
import type { ChannelModel } from 'amqplib';
import type { Log } from '../engine/ports/log.js';

const HEARTBEAT_S = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const LONGEST_PAUSE_MS = 5_000;
/** How long a silent broker may hold up the end. */
export const CLOSE_TIMEOUT_MS = 2_000;
/** A node that has just come up may leave a declaration without an answer for ever. */
const SET_UP_TIMEOUT_MS = 15_000;
/** What a socket takes before the multiplexer of channels waits for it; a burst of dispatches goes out in one write. */
const SOCKET_BUFFER_BYTES = 256 * 1024;

/** How every connection of Sluice is opened. Without `noDelay`, a lone small frame waits 40 ms for the next. */
export const socketOptions = (purpose: string) => ({
  noDelay: true,
  timeout: CONNECT_TIMEOUT_MS,
  writableHighWaterMark: SOCKET_BUFFER_BYTES,
  clientProperties: { connection_name: `sluice ${purpose}` },
});

export interface LinkListener {
  /** Opens channels on a fresh connection, or again after `repair`. When it rejects, the connection is replaced. */
  setUp(connection: ChannelModel): Promise<void>;
  /** @param reason what the broker or the socket said, where it said anything. */
  down(reason?: string): void;
  blocked(blocked: boolean): void;
}

/** One connection that comes back. It keeps no messages: what is in flight when it breaks is the caller's to judge. */
export class Link {
  readonly #connections: AmqpConnectionManagerClass;
  #failures = 0;
  #closed = false;
  #settingUp: Promise<void> | null = null;
  #repair: NodeJS.Timeout | null = null;

  constructor(
    url: string,
    private readonly purpose: string,
    private readonly listener: LinkListener,
    private readonly log: Log,
  ) {
    this.#connections = new AmqpConnectionManagerClass([url], {
      heartbeatIntervalInSeconds: HEARTBEAT_S,
      connectionOptions: socketOptions(purpose),
    });
    this.#connections.on('connect', () => void this.#setUp());
    this.#connections.on('connectFailed', ({ err }) => {
      this.#failures += 1;
      this.#pauseBeforeNext();
      this.log.warn(`No connection to the broker to ${purpose}; trying again.`, { reason: err.message });
    });
    this.#connections.on('disconnect', ({ err }) => {
      this.#pauseBeforeNext();
      if (!this.#closed)
        this.log.warn(`Lost the connection to ${purpose}; connecting again.`, { reason: err?.message });
      this.listener.down(err?.message);
    });
    this.#connections.on('blocked', () => this.listener.blocked(true));
    this.#connections.on('unblocked', () => this.listener.blocked(false));
  }

  get connection(): ChannelModel | null {
    return this.#connections.connection ?? null;
  }

  /** Starts to connect and never stops trying. */
  open(): void {
    this.#pauseBeforeNext();
    // It also rejects when credentials are refused; the listener above has told, and it tries on.
    this.#connections.connect().catch(() => {});
  }

  /** Sets up again on the connection that is there, after a channel has closed on its own. */
  repair(): void {
    if (this.#repair || this.#closed || !this.connection) return;
    this.#repair = setTimeout(() => {
      this.#repair = null;
      void this.#setUp();
    }, pauseMs(this.#failures));
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#repair) clearTimeout(this.#repair);
    // Waits for an attempt in progress, which may take as long as a silent host lets it.
    await Promise.race([this.#connections.close().catch(() => {}), unrefPause(CLOSE_TIMEOUT_MS)]);
  }

  async #setUp(): Promise<void> {
    while (this.#settingUp) await this.#settingUp;
    const connection = this.connection;
    if (!connection || this.#closed) return;
    this.#settingUp = within(SET_UP_TIMEOUT_MS, this.listener.setUp(connection)).then(
      () => {
        this.#settingUp = null;
        this.#failures = 0;
      },
      async (error: Error) => {
        this.#settingUp = null;
        this.#failures += 1;
        if (this.#closed || this.connection !== connection) return;
        this.log.error(`Could not prepare the connection to ${this.purpose}; trying again.`, { reason: error.message });
        this.#pauseBeforeNext();
        await Promise.race([connection.close().catch(() => {}), unrefPause(CLOSE_TIMEOUT_MS)]);
      },
    );
    await this.#settingUp;
  }

  #pauseBeforeNext(): void {
    this.#connections.reconnectTimeInSeconds = pauseMs(this.#failures) / 1_000;
  }
}

/** Grows with each failure, and differs between engines: they shall not all come back in the same moment. */
export const pauseMs = (failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random());

/** Rejects when the work takes longer; the work goes on. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Expected an answer within ${ms} ms, but there was none.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits, without keeping the process alive. */
export const unrefPause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
