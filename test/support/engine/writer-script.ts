import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const SOURCE = new URL('../../../src/storage/embedded/thread/writer-thread.ts', import.meta.url);
const LIBSQL = pathToFileURL(createRequire(import.meta.url).resolve('libsql')).href;

/** Compiles a program: neither a thread nor a process runs TypeScript, and a build may be older. */
export async function compiled(source: URL): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-compiled-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: fileURLToPath(source),
      outDir: folder,
      minify: false,
      rolldownOptions: { external: ['libsql'], output: { entryFileNames: 'program.mjs', paths: { libsql: LIBSQL } } },
    },
  });
  return pathToFileURL(join(folder, 'program.mjs'));
}

let script: Promise<URL> | undefined;

/** The program of the thread that writes the embedded file. */
export const writerScript = (): Promise<URL> => {
  script ??= compiled(SOURCE);
  return script;
};
