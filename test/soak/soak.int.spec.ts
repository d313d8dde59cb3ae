import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/soak.mjs', import.meta.url));
const LONGEST_MS = 240_000;

/** Runs the soak to its end; answers its last line, and everything that it said. */
function soak(...args: readonly string[]): Promise<{ code: number | null; verdict: unknown; said: string }> {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const late = setTimeout(() => child.kill('SIGTERM'), LONGEST_MS);
  return new Promise((done) => {
    child.on('close', (code) => {
      clearTimeout(late);
      const last = said.trimEnd().split('\n').at(-1) ?? '';
      done({ code, verdict: last.startsWith('{') ? JSON.parse(last) : last, said });
    });
  });
}

it(
  'keeps every invariant in 500 random instances, while 25 faults hurt engines, wires, database and broker',
  async () => {
    const { code, verdict, said } = await soak('--instances', '500', '--faults', '25', '--seed', '1');
    expect(verdict, said).toMatchObject({ passed: true, violations: 0, faults: 25, neverConfirmed: [] });
    expect(code).toBe(0);
  },
  LONGEST_MS + 10_000,
);
