import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of a handler, as the outside world saw it. */
export interface Call {
  readonly idempotencyKey: string;
  readonly instance: string;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  readonly handler: string;
}

/** Stands for the world outside: it hears of every handler call, and it never dies. */
export class Ledger {
  readonly calls: Call[] = [];
  private waiting: { count: number; wake: () => void }[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<Ledger> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const ledger = new Ledger(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        ledger.hear(JSON.parse(body) as Call);
        response.end('ok');
      });
    });
    return ledger;
  }

  private hear(call: Call): void {
    this.calls.push(call);
    const due = this.waiting.filter(({ count }) => this.calls.length >= count);
    this.waiting = this.waiting.filter(({ count }) => this.calls.length < count);
    for (const { wake } of due) wake();
  }

  /** Resolves at the call of that number. */
  reaches(count: number): Promise<void> {
    if (this.calls.length >= count) return Promise.resolve();
    return new Promise((wake) => this.waiting.push({ count, wake }));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
