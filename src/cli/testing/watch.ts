import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { Refused, type Terminal } from '../terminal.js';
import { type TestOptions, test } from './test.js';

/** An editor saves in several writes; they are one change. */
const QUIET_MS = 100;

/** Runs the tests, and again after every change of a flow or a test in the folders. Ends when `stop` aborts. */
export async function testAndWatch(
  paths: readonly string[],
  options: TestOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<number> {
  let code = await once(paths, options, terminal);
  let change = false;
  let wake = (): void => {};
  const watchers = paths.map((path) => {
    const watcher = watch(resolve(terminal.cwd, path), { recursive: true }, (_event, name) => {
      if (name !== null && !/\.ya?ml$/.test(name)) return;
      change = true;
      wake();
    });
    return watcher.on('error', (fault) => terminal.err(`${path} is watched no more: ${fault.message}`));
  });
  const end = (): void => wake();
  stop.addEventListener('abort', end);
  terminal.err('Watching. Ctrl-C stops.');
  while (!stop.aborted) {
    if (!change) await new Promise<void>((resume) => (wake = resume));
    if (stop.aborted) break;
    await new Promise((resume) => setTimeout(resume, QUIET_MS));
    change = false;
    code = await once(paths, options, terminal);
  }
  stop.removeEventListener('abort', end);
  for (const watcher of watchers) watcher.close();
  return code;
}

/** A file that is missing for a moment must not end the watch. */
async function once(paths: readonly string[], options: TestOptions, terminal: Terminal): Promise<number> {
  try {
    return await test(paths, options, terminal);
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    terminal.err(fault.message);
    return fault.exitCode;
  }
}
