import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { ACCESS_FILE } from '../../config/access-file.js';
import type { Config } from '../../config/config.js';
import { isLoopback } from '../../config/loopback.js';
import type { Access } from './access.js';

/**
 * Leaves the address and a random token in the data folder once the port is open, in a file that only the same user
 * can read: the command line in the same folder then needs no setting. A chosen token is never written anywhere.
 */
export function leaveAccess(fastify: FastifyInstance, { random, token }: Access, { data, host }: Config): void {
  if (!random || !isLoopback(host)) return;
  fastify.addHook('onListen', (done) => {
    const { port } = fastify.server.address() as AddressInfo;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const file = join(data, ACCESS_FILE);
    mkdirSync(data, { recursive: true });
    writeFileSync(file, `${JSON.stringify({ url, token })}\n`, { mode: 0o600 });
    // A file that was there keeps its mode when it is written.
    chmodSync(file, 0o600);
    done();
  });
}
