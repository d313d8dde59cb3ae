// Flows inside a Nest application: node app.mjs
import { setTimeout as wait } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Sluice, SluiceModule } from 'sluice';

class Shop {}

Module({
  imports: [
    SluiceModule.forRoot({
      definitions: 'flows',
      log: 'warn',
      handlers: { 'letter.write': ({ name }) => ({ text: `Dear ${name}` }) },
    }),
  ],
})(Shop);

const app = await NestFactory.createApplicationContext(Shop, { logger: ['error'] });
const sluice = app.get(Sluice);

const { id } = await sluice.start({ flow: 'greeting', input: { name: process.argv[2] ?? 'Ann' } });
for (;;) {
  const { instance, vars } = await sluice.instance(id);
  if (instance.endedAt !== null) {
    console.log(`${instance.outcome}: ${vars.text}`);
    break;
  }
  await wait(50);
}
await app.close();
