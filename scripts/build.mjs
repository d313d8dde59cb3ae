// Usage: node scripts/build.mjs [--force]     builds dist/ and web/dist/, skipping what is newer than its sources.
import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run, tool } from './lib/run.mjs';
import { newest } from './lib/sources.mjs';

const PARTS = [
  {
    name: 'server',
    sources: ['src', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    product: 'dist/src/main.js',
    command: [tool('tsc'), ['-p', 'tsconfig.build.json']],
  },
  {
    name: 'web',
    sources: [
      'web/src',
      'web/public',
      'web/index.html',
      'web/vite.config.ts',
      'web/tsconfig.json',
      'package-lock.json',
    ],
    product: 'web/dist/index.html',
    command: ['npm', ['run', 'build', '-w', 'web', '--silent']],
  },
];

/** Builds what is older than its sources; true when all of it could be built. */
export async function build({ force = false } = {}) {
  for (const { name, sources, product, command } of PARTS) {
    if (!force && newest([product]) > newest(sources)) continue;
    const { code, ms } = await run(...command);
    if (code !== 0) {
      console.error(`build: expected the ${name} to build, but it did not.`);
      return false;
    }
    touch(product);
    console.log(`build: ${name} in ${(ms / 1000).toFixed(1)} s`);
  }
  return true;
}

/** An incremental compiler leaves files alone that would not change; the product's time must say when we looked. */
function touch(product) {
  const path = join(root, product);
  if (existsSync(path)) utimesSync(path, new Date(), new Date());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await build({ force: process.argv.includes('--force') })) ? 0 : 1;
}
