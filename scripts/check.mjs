// Usage: npm run check [-- --without-architecture]     format, lint, promises, dead code, types, architecture.
import { availableParallelism } from 'node:os';
import { run, tool } from './lib/run.mjs';

const CHECKS = [
  ['format and lint', tool('biome'), ['check', '--diagnostic-level=error', '--no-errors-on-unmatched']],
  ['promises', tool('oxlint'), ['--type-aware', '--tsconfig', 'tsconfig.json', 'src', 'test', 'migrations']],
  ['promises, web', tool('oxlint'), ['--type-aware', '--tsconfig', 'web/tsconfig.json', 'web/src']],
  ['types', tool('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['types, web', tool('tsc'), ['--noEmit', '-p', 'web/tsconfig.json']],
  ['dead code', tool('knip'), ['--no-progress', '--no-config-hints']],
  ['architecture', tool('vitest'), ['run', '--project', 'unit', 'test/architecture']],
];

const wanted = process.argv.includes('--without-architecture')
  ? CHECKS.filter(([name]) => name !== 'architecture')
  : CHECKS;

const failed = [];
const queue = [...wanted];
const started = performance.now();
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));

const seconds = ((performance.now() - started) / 1000).toFixed(1);
if (failed.length === 0) {
  console.log(`check: all ${wanted.length} held in ${seconds} s`);
} else {
  console.error(`check: expected all ${wanted.length} to hold, but ${failed.join(', ')} did not (${seconds} s)`);
  process.exitCode = 1;
}

/** Takes checks from the queue until it is empty; a check's output is shown in one piece, and only if it fails. */
async function work() {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, program, args] = next;
    const { code, output, ms } = await run(program, args, { collect: true });
    console.log(`check: ${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${(ms / 1000).toFixed(1)} s)`);
    if (code === 0) continue;
    failed.push(name);
    console.error(output);
  }
}
