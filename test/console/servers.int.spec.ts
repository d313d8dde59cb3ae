import { connect } from 'amqplib';
import { describe } from 'vitest';
import { serveForTest } from '../support/engine/served.js';
import { freshDatabase, freshVhost } from '../support/servers.mjs';
import { holdsOverHttp } from './support/whole-suite.js';

describe('the whole application over HTTP, on servers', () => {
  holdsOverHttp(async () => {
    const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
    const server = await serveForTest({
      SLUICE_DATABASE_URL: database.url,
      SLUICE_BROKER_URL: vhost.url,
      SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
    });
    const sender = await connect(vhost.url);
    const channel = await sender.createConfirmChannel();
    const send = async (flow: string, body: string, messageId: string): Promise<void> => {
      channel.publish(`${vhost.prefix}.start`, flow, Buffer.from(body), { messageId, contentType: 'application/json' });
      await channel.waitForConfirms();
    };
    const close = async (): Promise<void> => {
      await sender.close();
      await server.stop();
      await Promise.all([database.drop(), vhost.drop()]);
    };
    return { server, send, close };
  });
});
