import { PassThrough } from 'node:stream';

/** A client that reads slower than this many bytes behind is dropped; it reconnects and reads the state anew. */
export const MOST_BEHIND = 1_048_576;

/** Ids of node instances begin with that of their instance. */
const UUID_LENGTH = 36;

/** One open event stream. */
export class Watcher {
  readonly stream = new PassThrough();
  /** What was sent last, by topic member, so that only changes are sent. */
  readonly sent = new Map<string, string>();
  /** Bytes that the connection holds beside the stream; set once it is known. */
  behind: () => number = () => 0;

  constructor(
    /** The newest instances, without their nodes. */
    readonly list: boolean,
    /** Instances watched with their nodes. */
    readonly ids: ReadonlySet<string>,
  ) {
    this.stream.write(': open\n\n');
  }

  send(event: string, body: unknown): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(body)}\n\n`);
  }

  /** Keeps what was sent of these instances, and of those that it watches with their nodes. */
  forget(still: ReadonlySet<string>): void {
    for (const key of this.sent.keys()) {
      const instance = key.slice(0, UUID_LENGTH);
      if (!still.has(instance) && !this.ids.has(instance)) this.sent.delete(key);
    }
  }

  /** A comment that keeps proxies from closing the connection. */
  beat(): void {
    this.#write(': beat\n\n');
  }

  #write(text: string): void {
    if (this.stream.destroyed || this.stream.writableEnded) return;
    this.stream.write(text);
    const behind = this.stream.writableLength + this.stream.readableLength + this.behind();
    if (behind > MOST_BEHIND) this.stream.destroy(new Error('the client reads too slowly'));
  }
}
