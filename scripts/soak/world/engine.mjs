// Usage: node scripts/soak/world/engine.mjs      the built engine with the soak's handler, as a process that may be killed
// SLUICE_… settings as ever; SOAK_BUILD: folder of the build; SOAK_LEDGER: URL; SOAK_TUNING: JSON. Tells its parent
// `{up: true}` when its doors are open, and every second what it has counted and how much memory it holds.
import 'reflect-metadata';
import { pathToFileURL } from 'node:url';

const load = (path) => import(pathToFileURL(`${process.env.SOAK_BUILD}/src/${path}.js`).href);
const [{ readConfig }, { PinoLog }, { serve, stopOnSignals }, { Task }, { PermanentError }, { Engine }] =
  await Promise.all([
    load('config/read-config'),
    load('programs/process/pino-log'),
    load('programs/serve'),
    load('worker/task.decorator'),
    load('engine/ports/handlers'),
    load('engine/engine'),
  ]);

class Partner {
  async execute(input, { idempotencyKey: key, attempt, node, with: literals, signal }) {
    const refuse = literals.refuses && input.refuse.includes(node);
    const response = await fetch(process.env.SOAK_LEDGER, {
      method: 'POST',
      body: JSON.stringify({ key, attempt, fails: literals.fails, refuse }),
      signal,
    });
    const answer = await response.json();
    // What a careless handler does: a secret of its input in the error.
    if (answer.word === 'refused') throw new PermanentError('REFUSED', `no, said the ledger; token=${input.secret}`);
    if (!response.ok) throw new Error(`the ledger failed; password=${input.secret ?? 'none'}`);
    return { n: answer.n };
  }
}
Task('soak.task')(Partner);
class SoakModule {}

const config = readConfig();
const log = new PinoLog(config.log);
const served = await serve(config, {
  log,
  modules: [{ module: SoakModule, providers: [Partner] }],
  tuning: JSON.parse(process.env.SOAK_TUNING ?? '{}'),
});
stopOnSignals(served, log);
const engine = served.app.get(Engine);
const tell = (message) => process.connected && process.send(message, () => {});
setInterval(() => tell({ tally: engine.tally.all(), rss: process.memoryUsage.rss() }), 1_000).unref();
process.on('disconnect', () => process.exit(3));
tell({ up: true });
