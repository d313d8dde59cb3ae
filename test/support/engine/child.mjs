// Usage: node test/support/engine/child.mjs      the built engine as a process that a test may kill
// SLUICE_… settings as ever; LEDGER: URL that is told of every handler call before it is made. Prints `up` when it works.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';

const load = (path) => import(new URL(`../../../dist/src/${path}.js`, import.meta.url));
const [
  { AppModule },
  { readConfig },
  { registerDemo },
  { HandlerRegistry },
  { SystemClock },
  { Engine },
  { DefinitionFolder },
] = await Promise.all([
  load('app.module'),
  load('config/read-config'),
  load('demo/demo.module'),
  load('worker/handler-registry'),
  load('memory/system-clock'),
  load('engine/engine'),
  load('catalog/definition-folder'),
]);

const app = await NestFactory.createApplicationContext(
  AppModule.with(readConfig(), { tuning: JSON.parse(process.env.TUNING ?? '{}') }),
  {
    logger: ['error'],
    abortOnError: false,
  },
);
const partners = registerDemo(new HandlerRegistry(), new SystemClock());
const registry = app.get(HandlerRegistry);
for (const name of partners.names()) {
  registry.register(name, async (input, context) => {
    const { idempotencyKey, instance, node, visit, attempt } = context;
    await fetch(process.env.LEDGER, {
      method: 'POST',
      body: JSON.stringify({ idempotencyKey, instance, node, visit, attempt, handler: name }),
    });
    return partners.find(name)(input, context);
  });
}
await app.get(DefinitionFolder).load();
const engine = app.get(Engine);
await engine.start();
process.stdout.write('up\n');
process.on('SIGTERM', async () => {
  await engine.stop();
  await app.close();
  process.exit(0);
});
