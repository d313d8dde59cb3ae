import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { ACCESS_FILE } from '../config/access-file.js';
import { Access } from './access/access.js';

export interface Listening {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  /** The console's address with the token in its fragment, which browsers never send; `null` when the token was chosen. */
  readonly link: string | null;
}

/**
 * Opens the port. A random token is told to whoever started the server (by the link, which is to be printed once) and
 * to the command line in the same folder (by a file that only the same user can read).
 * @throws when the port is taken.
 */
export async function listen(app: NestFastifyApplication, config: Config): Promise<Listening> {
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = ['0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { random, token } = app.get(Access);
  if (!random) return { url, link: null };
  mkdirSync(config.data, { recursive: true });
  const file = join(config.data, ACCESS_FILE);
  writeFileSync(file, `${JSON.stringify({ url, token })}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return { url, link: `${url}/#token=${token}` };
}
