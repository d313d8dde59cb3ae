import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../../engine/ports/store.js';
import type { Answer, Found, Order } from './orders.js';

interface Waiting {
  resolve(found: Found): void;
  reject(fault: unknown): void;
}

/**
 * The engine's end of one thread that writes. Orders are carried out and answered in the order in which they are given; when
 * the thread ends, however it does, whatever waits for an answer is rejected.
 */
export class WriterLink {
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];
  private readonly exited: Promise<void>;
  private why: unknown;
  private over = false;
  private closing = false;

  /** @param ended is told, with what is known of the reason, when the thread ends although nobody has closed it. */
  constructor(file: string, script: URL, ended: (why: unknown) => void) {
    this.worker = new Worker(script, { workerData: file, name: 'sluice-writer' });
    this.worker.on('message', (answer: Answer) => this.answered(answer));
    this.worker.on('error', (error) => {
      this.why = error;
    });
    // Which answer is lost is not known: none after it could be told apart.
    this.worker.on('messageerror', (error) => {
      this.why = error;
      void this.worker.terminate();
    });
    this.exited = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.over = true;
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
    await this.give({ begins: false, writes: [], question: null, then: null });
  }

  /** Closes the file and ends the thread, after everything that was given. Resolves also when it has ended by itself. */
  async close(): Promise<void> {
    this.closing = true;
    await this.give({ begins: false, writes: [], question: null, then: 'close' }).catch(() => undefined);
    if (!this.over) this.worker.ref();
    await this.exited;
  }

  private answered(answer: Answer): void {
    const first = this.waiting.shift();
    if (this.waiting.length === 0) this.worker.unref();
    if ('found' in answer) return first?.resolve(answer.found);
    const { message, ...rest } = answer.fault;
    first?.reject(Object.assign(new Error(message), rest));
  }

  private away(): StoreUnavailable {
    return new StoreUnavailable('Expected the thread that writes the file to answer, but it has ended. Ask again.', {
      cause: this.why,
    });
  }
}
