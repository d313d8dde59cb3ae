import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Direction = 'up' | 'down';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** What the client has said since its last START TRANSACTION, as far as it matters here. */
  said: string;
  swallowing: boolean;
  /** What the client said from a certain request on; it is on its way, however long that takes. */
  late: Buffer[] | null;
}

/** A request that is late or whose answer is lost, or an answer that is lost itself. */
interface Loss {
  readonly how: 'lost' | 'late';
  readonly asked?: (request: Buffer, transaction: string) => boolean;
  readonly answered?: (answer: Buffer) => boolean;
  readonly happened: (pair: Pair) => void;
}

/** Characters of a transaction that are remembered. */
const SAID = 20_000;
/** How AMQP frames a publisher confirm: size 13, class 60 (basic), method 80 (ack). */
const CONFIRM = Buffer.from([0, 0, 0, 13, 0, 60, 0, 80]);

/** A TCP proxy on loopback that hurts whoever uses it. `up` is towards the server. */
export class FaultProxy {
  private readonly pairs = new Set<Pair>();
  private readonly held = new Set<Direction>();
  private kept: { to: Socket; chunk: Buffer }[] = [];
  private losses: Loss[] = [];
  private refusing = false;
  /** Added to every chunk, either way. */
  latencyMs = 0;
  /** Connections that were taken so far. */
  taken = 0;

  private constructor(
    private readonly listener: Server,
    /** The same address, through this proxy. */
    readonly url: string,
  ) {}

  static async open(target: string): Promise<FaultProxy> {
    const { hostname, port, protocol } = new URL(target);
    const listener = createServer();
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
    const own = new URL(target);
    own.hostname = '127.0.0.1';
    own.port = String((listener.address() as AddressInfo).port);
    const proxy = new FaultProxy(listener, own.href);
    const usual = protocol === 'amqp:' ? 5672 : 3306;
    listener.on('connection', (client) => proxy.join(client, connect(Number(port) || usual, hostname)));
    return proxy;
  }

  /** A black hole: what goes that way is kept back, and nobody is told. */
  hold(...directions: Direction[]): void {
    for (const direction of directions) this.held.add(direction);
  }

  /** What was kept back arrives after all. */
  letGo(): void {
    this.held.clear();
    for (const { to, chunk } of this.kept.splice(0)) if (!to.destroyed) to.write(chunk);
  }

  /** Resets every connection; answers how many. What was kept back is gone. */
  reset(): number {
    const pairs = [...this.pairs];
    this.kept = [];
    for (const pair of pairs) cut(pair);
    return pairs.length;
  }

  /** New connections are reset at once, or taken again. */
  refuse(refusing: boolean): void {
    this.refusing = refusing;
  }

  /** Loses the answer to the next COMMIT of a transaction that said so, then cuts its connection. */
  async loseCommitOf(said: RegExp): Promise<void> {
    await this.lose({ asked: (request, transaction) => request.includes('COMMIT') && said.test(transaction) }, 'lost');
  }

  /**
   * Keeps the next COMMIT of a transaction that said so, also after its sender has given it up and gone. Resolves when
   * it has come, with what lets it arrive.
   */
  async keepCommitOf(said: RegExp): Promise<() => void> {
    const pair = await this.lose(
      { asked: (request, transaction) => request.includes('COMMIT') && said.test(transaction) },
      'late',
    );
    return () => {
      for (const chunk of pair.late?.splice(0) ?? []) pair.server.write(chunk);
      pair.late = null;
      if (pair.client.destroyed) pair.server.end();
    };
  }

  /** Loses the next publisher confirm, then cuts its connection. */
  async loseConfirm(): Promise<void> {
    await this.lose({ answered: (answer) => answer.includes(CONFIRM) }, 'lost');
  }

  async close(): Promise<void> {
    this.letGo();
    this.refuse(true);
    this.reset();
    await new Promise((done) => this.listener.close(done));
  }

  private lose(loss: Omit<Loss, 'happened' | 'how'>, how: Loss['how']): Promise<Pair> {
    return new Promise((happened) => this.losses.push({ ...loss, how, happened }));
  }

  private join(client: Socket, server: Socket): void {
    const pair: Pair = { client, server, said: '', swallowing: false, late: null };
    this.taken++;
    this.pairs.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.pairs.delete(pair);
        client.destroy();
        if (!pair.late) server.destroy();
      });
    }
    if (this.refusing) return cut(pair);
    client.on('data', (chunk: Buffer) => this.pass('up', pair, chunk));
    server.on('data', (chunk: Buffer) => this.pass('down', pair, chunk));
  }

  private pass(direction: Direction, pair: Pair, chunk: Buffer): void {
    if (direction === 'up') this.listen(pair, chunk);
    else if (this.isLost(pair, chunk)) return cut(pair);
    const to = direction === 'up' ? pair.server : pair.client;
    if (direction === 'up' && pair.late) return void pair.late.push(chunk);
    if (this.held.has(direction)) this.kept.push({ to, chunk });
    else if (this.latencyMs === 0) to.write(chunk);
    else setTimeout(() => !to.destroyed && to.write(chunk), this.latencyMs);
  }

  private listen(pair: Pair, chunk: Buffer): void {
    if (this.losses.length === 0) return;
    const text = chunk.toString('latin1');
    pair.said = (text.includes('START TRANSACTION') ? text : pair.said + text).slice(-SAID);
    this.take(
      ({ asked }) => asked?.(chunk, pair.said) ?? false,
      ({ how, happened }) => {
        if (how === 'late') {
          pair.late = [];
          happened(pair);
        } else {
          pair.swallowing = true;
          pair.client.once('close', () => happened(pair));
        }
      },
    );
  }

  private isLost(pair: Pair, chunk: Buffer): boolean {
    if (pair.swallowing) return true;
    return this.take(
      ({ answered }) => answered?.(chunk) ?? false,
      ({ happened }) => happened(pair),
    );
  }

  private take(fits: (loss: Loss) => boolean, use: (loss: Loss) => void): boolean {
    const loss = this.losses.find(fits);
    if (!loss) return false;
    this.losses = this.losses.filter((other) => other !== loss);
    use(loss);
    return true;
  }
}

function cut({ client, server }: Pair): void {
  client.resetAndDestroy();
  server.destroy();
}
