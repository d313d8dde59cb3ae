import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a slash at the end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

const children = new Set();

/** Runs a program in the repository's root and gives `{ code, output, ms }`; `output` is empty unless collected. */
export function run(program, args, { env = {}, collect = false } = {}) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: collect ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    children.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      children.delete(child);
      resolve({ code: code ?? 128, signal, output, ms: Math.round(performance.now() - started) });
    });
  });
}

/** A program that a dependency brought, run by this Node. */
export const tool = (name) => `${root}node_modules/.bin/${name}`;

/** Ends what `run` still has running; for a Ctrl-C and the like. */
export function endChildren(signal = 'SIGTERM') {
  for (const child of children) child.kill(signal);
}
