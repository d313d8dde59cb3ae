// Usage: npm run sim -- [--schedules 2000] [--seed 1] [--store memory|sqlite] [--jobs 2] [--record FILE]
//                       [--mutants | --mutant NAME] [--bound 4000]
// Runs engines in a simulated world, one random schedule of faults after the other, and asks the invariants of
// docs/durability.md. With --mutants it runs engines with faults built in, and fails if one is not noticed. The output
// ends with one line of JSON. See docs/simulation.md.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { root, run, tool } from './lib/run.mjs';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string', default: 'memory' },
    jobs: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    record: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    mutant: { type: 'string' },
    bound: { type: 'string', default: '4000' },
  },
});
const BUILT = join(root, 'dist-sim/engine');
const REGRESSIONS = join(root, 'test/sim/regressions.json');
/** From so many schedules on every fault must have happened, every path of repair been taken, and every construct drawn. */
const ENOUGH = 2_000;
const jobs = Number(values.jobs);

const compiled = await run(tool('tsc'), ['-p', 'tsconfig.sim.json']);
if (compiled.code === 0) process.exitCode = (await (values.mutants || values.mutant ? hunt() : search())) ? 0 : 1;
else process.exitCode = 1;

/** One process with its share of the schedules. */
async function child(folder, from, schedules, more) {
  const args = ['--seed', values.seed, '--store', values.store, '--from', `${from}`, '--schedules', `${schedules}`];
  const { code, output } = await run(process.execPath, [join(folder, 'test/sim/main.js'), ...args, ...more], {
    collect: true,
  });
  const lines = output.trimEnd().split('\n');
  const last = lines.pop() ?? '';
  if (code !== 0 || !last.startsWith('{')) throw new Error(`Expected a report, but the simulation ended:\n${output}`);
  return { text: lines.join('\n'), report: JSON.parse(last) };
}

async function search() {
  const started = performance.now();
  const schedules = Number(values.schedules);
  const share = Math.ceil(schedules / jobs);
  const parts = await Promise.all(
    Array.from({ length: jobs }, (_, at) =>
      child(BUILT, at * share, Math.max(0, Math.min(share, schedules - at * share)), [
        ...(at === 0 && existsSync(REGRESSIONS) ? ['--regressions', REGRESSIONS] : []),
      ]),
    ),
  );
  for (const { text } of parts) if (text) console.log(text);
  const reports = parts.map(({ report }) => report);
  const found = reports.flatMap((report) => report.found);
  if (values.record && found.length > 0) record(found);
  const sum = (name) => reports.reduce((total, report) => total + report[name], 0);
  const faults = merge(reports.map((report) => report.faults));
  const exercised = merge(reports.map((report) => report.exercised));
  const drawn = merge(reports.map((report) => report.drawn));
  const { CONSTRUCTS, FAULTS, PATHS } = await import(pathToFileURL(join(BUILT, 'test/sim/paths.js')).href);
  const unused = [...FAULTS.filter((name) => !faults[name]), ...PATHS.filter((name) => !exercised[name])];
  unused.push(...CONSTRUCTS.filter((name) => !drawn[name]));
  const idle = sum('schedules') >= ENOUGH && found.length === 0 ? unused : [];
  if (idle.length > 0)
    console.error(`sim: expected every fault, path of repair and construct to occur, but not: ${idle.join(', ')}`);
  const seconds = (performance.now() - started) / 1_000;
  console.log(
    JSON.stringify({
      store: values.store,
      seed: Number(values.seed),
      schedules: sum('schedules'),
      steps: sum('steps'),
      violations: found.length,
      seconds: Math.round(seconds),
      perSecond: Math.round(sum('schedules') / seconds),
      callsPerEffect: Number((sum('calls') / Math.max(1, sum('effects'))).toFixed(3)),
      faults,
      exercised,
      drawn,
    }),
  );
  return found.length === 0 && idle.length === 0;
}

function merge(counts) {
  const all = {};
  for (const each of counts) for (const [name, count] of Object.entries(each)) all[name] = (all[name] ?? 0) + count;
  return Object.fromEntries(Object.entries(all).sort());
}

function record(found) {
  const known = JSON.parse(readFileSync(values.record, 'utf8'));
  const kept = found.map(({ name, violations, scenario, steps }) => ({ name, why: violations[0], scenario, steps }));
  writeFileSync(values.record, `${JSON.stringify([...known, ...kept], null, 1)}\n`);
}

/** Every mutant until it is noticed. */
async function hunt() {
  const { MUTANTS } = await import(pathToFileURL(join(BUILT, 'test/sim/mutants.js')).href);
  const wanted = values.mutant ? MUTANTS.filter(({ name }) => name === values.mutant) : [...MUTANTS];
  if (wanted.length === 0) throw new Error(`Expected a mutant, but there is no '${values.mutant}'.`);
  const started = performance.now();
  const rotten = wanted.flatMap(rot);
  if (rotten.length > 0) throw new Error(`Expected what mutants replace to be there once:\n${rotten.join('\n')}`);
  const caught = {};
  const survived = [];
  const queue = [...wanted];
  const worker = async () => {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      const folder = breed(mutant);
      const kept = mutant.isKept ? ['--regressions', REGRESSIONS] : [];
      const more = [...kept, ...(values.mutant ? [] : ['--no-shrink']), '--focus', (mutant.focus ?? []).join(',')];
      const { text, report } = await child(folder, 0, Number(values.bound), more);
      rmSync(folder, { recursive: true });
      if (values.mutant) console.log(text);
      const [found] = report.found;
      if (found) caught[mutant.name] = report.schedules;
      else survived.push(mutant.name);
      if (found && values.record) record([{ ...found, name: `${mutant.name}: ${mutant.why}` }]);
      const how = found ? `caught by schedule ${report.schedules}: ${found.violations[0]}` : 'SURVIVED';
      if (values.mutant || !found) console.log(`${mutant.name}: ${how.slice(0, 160)}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(JSON.stringify({ seed: Number(values.seed), mutants: wanted.length, seconds, caught, survived }));
  return survived.length === 0;
}

/** A copy of the compiled engine with the mutant's edits. */
function breed({ name, edits }) {
  const folder = join(root, 'dist-sim/mutants', name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(BUILT, folder, { recursive: true });
  for (const { file, find, replace } of edits) {
    const path = join(folder, 'src', file);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(find, () => replace),
    );
  }
  return folder;
}

/** Edits of a mutant that fit no more, since the code has changed. */
function rot({ name, edits }) {
  return edits.flatMap(({ file, find }) => {
    const path = join(BUILT, 'src', file);
    const places = existsSync(path) ? readFileSync(path, 'utf8').split(find).length - 1 : 0;
    return places === 1 ? [] : [`${name}: '${find}' is ${places} times in ${file}`];
  });
}
