import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const SOURCE = fileURLToPath(new URL('../../../src/storage/embedded/thread/writer-thread.ts', import.meta.url));
const LIBSQL = pathToFileURL(createRequire(import.meta.url).resolve('libsql')).href;

/** Compiles the program of the thread that writes: a thread runs no TypeScript, and a build may be older than the sources. */
async function compile(): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-writer-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: SOURCE,
      outDir: folder,
      minify: false,
      rolldownOptions: { external: ['libsql'], output: { entryFileNames: 'writer.mjs', paths: { libsql: LIBSQL } } },
    },
  });
  return pathToFileURL(join(folder, 'writer.mjs'));
}

let compiled: Promise<URL> | undefined;

/** The program, compiled once. */
export const writerScript = (): Promise<URL> => {
  compiled ??= compile();
  return compiled;
};
