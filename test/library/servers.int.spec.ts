import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { Sluice, SluiceModule } from '../../src/library/library.js';
import { eventually } from '../support/engine/served.js';
import { freshDatabase, freshVhost } from '../support/servers.mjs';

const definitions = join(import.meta.dirname, '../../docs/examples/embedded/flows');

it('SluiceModule works at once on a database and RabbitMQ', async () => {
  const [database, vhost] = [await freshDatabase(), await freshVhost()];
  @Module({
    imports: [
      SluiceModule.forRoot({
        definitions,
        databaseUrl: database.url,
        brokerUrl: vhost.url,
        migrate: true,
        log: 'silent',
        handlers: { 'letter.write': ({ name }) => ({ text: `Dear ${String(name)}` }) },
        settings: { SLUICE_TOPOLOGY_PREFIX: vhost.prefix, SLUICE_ALLOW_INSECURE: 'true' },
      }),
    ],
  })
  class Shop {}
  const app = await NestFactory.createApplicationContext(Shop, { logger: false, abortOnError: false });
  try {
    const sluice = app.get(Sluice);
    const { id } = await sluice.start({ flow: 'greeting', input: { name: 'Ann' } });
    const view = await eventually(
      () => sluice.instance(id),
      (one) => one?.instance.endedAt != null,
      20_000,
    );
    expect(view).toMatchObject({ instance: { outcome: 'greeted' }, vars: { text: 'Dear Ann' } });
  } finally {
    await app.close();
    await database.drop();
    await vhost.drop();
  }
}, 60_000);
