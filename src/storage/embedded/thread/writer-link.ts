import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../../engine/ports/store.js';
import { type Answer, type Found, type Order, unpacked, type Way } from './orders.js';
import { Turnstile } from './turnstile.js';
import type { WriterPlace } from './writer-thread.js';

interface Waiting {
  resolve(found: Found): void;
  reject(fault: unknown): void;
}

/**
 * The engine's end of one thread that writes. Orders are carried out and answered in the order in which they are given; when
 * the thread ends, however it does, whatever waits for an answer is rejected.
 */
export class WriterLink implements Way {
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];
  private readonly exited: Promise<void>;
  private readonly turnstile = new Turnstile();
  private why: unknown;
  private over = false;
  private closing = false;

  /** @param ended is told, with what is known of the reason, when the thread ends although nobody has closed it. */
  constructor(file: string, script: URL, ended: (why: unknown) => void) {
    const workerData: WriterPlace = { file, turnstile: this.turnstile.memory };
    this.worker = new Worker(script, { workerData, name: 'sluice-writer' });
    const shut = (): void => this.turnstile.shut();
    process.on('exit', shut);
    this.worker.on('message', (answer: Answer) => this.answered(answer));
    this.worker.on('error', (error) => {
      this.why = error;
    });
    // Which answer is lost is not known: none after it could be told apart.
    this.worker.on('messageerror', (error) => {
      this.why = error;
      this.kill();
    });
    this.exited = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.over = true;
        process.off('exit', shut);
        for (const { reject } of this.waiting.splice(0)) reject(this.away());
        if (!this.closing) ended(this.why);
        resolve();
      });
    });
    // It keeps the process alive only while somebody waits for it.
    this.worker.unref();
  }

  get isOver(): boolean {
    return this.over;
  }

  /** Whether everything that was given is answered. */
  get isIdle(): boolean {
    return this.waiting.length === 0;
  }

  give(order: Order): Promise<Found> {
    return new Promise((resolve, reject) => {
      if (this.over) throw this.away();
      this.worker.postMessage(order);
      if (this.waiting.length === 0) this.worker.ref();
      this.waiting.push({ resolve, reject });
    });
  }

  /** Resolves when everything that was given is answered; a transaction that is open then is not. */
  async settle(): Promise<void> {
    await this.give({ begins: false, writes: [], question: null, end: null });
  }

  /** Closes the file and ends the thread, after everything that was given. Resolves also when it has ended by itself. */
  async close(): Promise<void> {
    this.closing = true;
    await this.give({ begins: false, writes: [], question: null, end: 'close' }).catch(() => undefined);
    if (!this.over) this.worker.ref();
    await this.exited;
  }

  /** Ends the thread between two orders, whatever is open then and whoever waits. */
  kill(): void {
    this.turnstile.shut();
    void this.worker.terminate();
  }

  private answered(answer: Answer): void {
    const first = this.waiting.shift();
    if (this.waiting.length === 0) this.worker.unref();
    try {
      first?.resolve(unpacked(answer));
    } catch (fault) {
      first?.reject(fault);
    }
  }

  private away(): StoreUnavailable {
    return new StoreUnavailable('Expected the thread that writes the file to answer, but it has ended. Ask again.', {
      cause: this.why,
    });
  }
}
