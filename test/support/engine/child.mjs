// Usage: node test/support/engine/child.mjs      the built application as a process that a test may kill
// SLUICE_… settings as ever; LEDGER: URL that is told of every handler call before it is made; TUNING: sizes and
// intervals as JSON. Prints `up` and its address when it takes work. Messages to it: { end: { by, point, nth } } sends it
// a signal at a checkpoint, { tally: true } asks for its counters. FATAL: what a handler does after it told the ledger, as `exit
// kyc.verify`: `exit` the process, `reject` a promise that nobody awaits, `throw` where nobody catches. PARTICIPANTS: names of
// handlers beside those of the demo; one that `input.refuses` names says no, one that `input.fails` names fails for good. HANDLERS:
// an expression for the names of those that it has; without it all of them.
import 'reflect-metadata';
import { writeSync } from 'node:fs';

const load = (path) => import(new URL(`../../../dist/src/${path}.js`, import.meta.url));
const [
  { serve, stopOnFaults, stopOnSignals },
  { readConfig },
  { registerDemo },
  { HandlerRegistry },
  { SystemClock },
  { Broker },
  { Tally },
  { PinoLog },
  { PermanentError },
] = await Promise.all([
  load('programs/serve'),
  load('config/read-config'),
  load('programs/demo/demo.module'),
  load('worker/handler-registry'),
  load('memory/system-clock'),
  load('engine/ports/broker'),
  load('engine/tally'),
  load('programs/process/pino-log'),
  load('engine/ports/handlers'),
]);

/** What is handed to a socket leaves the process a few turns later; these points are about what has left it. */
const LEAVES_BY_SOCKET_MS = { published: 0, acknowledged: 40 };

let armed = null;
const checkpoint = {
  reach(point) {
    if (armed?.point !== point || --armed.nth > 0) return;
    const { by } = armed;
    armed = null;
    const end = () => {
      writeSync(1, `${by} at ${point}\n`);
      process.kill(process.pid, by);
    };
    const afterMs = LEAVES_BY_SOCKET_MS[point];
    if (afterMs === undefined) end();
    else if (afterMs > 0) setTimeout(end, afterMs);
    else setImmediate(() => setImmediate(() => setImmediate(() => setImmediate(end))));
  },
};

/** Every handler of the demo, which first tells the ledger, then may be the point at which the process ends. */
class ToldPartners {}
const toldPartners = {
  module: ToldPartners,
  providers: [
    {
      provide: ToldPartners,
      inject: [HandlerRegistry],
      useFactory: (registry) => {
        const partners = registerDemo(new HandlerRegistry(), new SystemClock());
        for (const name of partners.names().filter((one) => has.test(one)))
          registry.register(name, told(name, partners.find(name)), 'the test');
        for (const name of participants) registry.register(name, told(name, participant(name)), 'the test');
        return new ToldPartners();
      },
    },
  ],
};

const participants = (process.env.PARTICIPANTS ?? '').split(' ').filter((name) => name !== '');
const participant = (name) => (input) => {
  if (input.fails === name) throw new PermanentError('GONE', `${name} cannot`);
  return input.refuses !== name;
};

const has = new RegExp(process.env.HANDLERS ?? '');
const [fatalWay, fatalHandler] = (process.env.FATAL ?? '').split(' ');
const fatal = {
  exit: () => process.exit(7),
  reject: () => void Promise.reject(new Error('a promise that nobody awaits')),
  throw: () =>
    void setImmediate(() => {
      throw new Error('thrown where nobody catches');
    }),
};

const told = (name, handler) => async (input, context) => {
  const { idempotencyKey, instance, node, visit, attempt } = context;
  await fetch(process.env.LEDGER, {
    method: 'POST',
    body: JSON.stringify({ idempotencyKey, instance, node, visit, attempt, handler: name }),
  });
  checkpoint.reach('handling');
  if (name === fatalHandler) fatal[fatalWay]();
  return handler(input, context);
};

const config = readConfig();
const log = new PinoLog(config.log);
const served = await serve(config, {
  log,
  modules: [toldPartners],
  tuning: JSON.parse(process.env.TUNING ?? '{}'),
  checkpoint,
});
stopOnSignals(served, log);
stopOnFaults(served, log);
process.on('message', (message) => {
  if (message.end) armed = message.end;
  if (message.tally) process.send({ tally: served.app.get(Tally).all() });
});
const broker = served.app.get(Broker);
while (!broker.state().ready) await new Promise((wake) => setTimeout(wake, 20));
process.stdout.write(`up ${new URL(served.link).origin}\n`);
