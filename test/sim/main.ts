import { parseArgs } from 'node:util';
import { memoryStores, sqliteStores } from './run/open-world.js';
import { drawRun } from './run/run-schedule.js';
import { drawScenario } from './world/scenario.js';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string', default: 'memory' },
    from: { type: 'string', default: '0' },
  },
});
const stores = values.store === 'sqlite' ? await sqliteStores() : memoryStores();
const started = performance.now();
let steps = 0;
const faults: Record<string, number> = {};
const exercised: Record<string, number> = {};
for (let number = Number(values.from); number < Number(values.from) + Number(values.schedules); number++) {
  const scenario = drawScenario(Number(values.seed), number);
  const run = await drawRun(scenario, stores.open);
  steps += run.steps.length;
  for (const [k, v] of Object.entries(run.world.faults)) faults[k] = (faults[k] ?? 0) + v;
  for (const [k, v] of Object.entries(run.world.exercised)) exercised[k] = (exercised[k] ?? 0) + v;
  if (run.violations.length > 0) {
    console.log(JSON.stringify(scenario), run.steps.length, run.violations.slice(0, 6));
    process.exitCode = 1;
    break;
  }
}
await stores.close();
console.log({ steps, faults, exercised, ms: performance.now() - started });
