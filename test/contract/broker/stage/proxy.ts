import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire to the broker that can be cut, or go dead without a word. */
export interface Wire {
  readonly url: string;
  /** Ends every connection at once, without a farewell. */
  cut(): void;
  /** Lets nothing through in either direction, but keeps the connections. */
  hold(): void;
  /** Lets everything through again, also what was held. */
  letGo(): void;
  close(): Promise<void>;
}

export async function wireTo(url: string): Promise<Wire> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let held = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5672), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (held) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(url);
  own.hostname = '127.0.0.1';
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    hold() {
      held = true;
      for (const socket of sockets) socket.pause();
    },
    letGo() {
      held = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
