import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { memoryStores, sqliteStores } from './run/open-world.js';
import { print } from './run/print.js';
import { type Orders, search } from './run/search.js';

// One search in one process; scripts/sim.mjs runs several. The report is the last line of the output, as JSON.
const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    store: { type: 'string', default: 'memory' },
    regressions: { type: 'string' },
    focus: { type: 'string', default: '' },
    'no-shrink': { type: 'boolean', default: false },
  },
});

// Every handler that runs listens to the stop of its engine.
setMaxListeners(0);

const stores = values.store === 'sqlite' ? await sqliteStores() : memoryStores();
const report = await search(
  {
    seed: Number(values.seed),
    from: Number(values.from),
    schedules: Number(values.schedules),
    regressions: values.regressions
      ? (JSON.parse(readFileSync(values.regressions, 'utf8')) as Orders['regressions'])
      : [],
    focus: values.focus.split(',').filter(Boolean) as NonNullable<Orders['focus']>,
    shrinking: !values['no-shrink'],
  },
  stores,
);
await stores.close();
for (const found of report.found) console.log(print(found));
console.log(JSON.stringify(report));
