import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { servers } from '../support/servers.mjs';

const SCRIPT = fileURLToPath(new URL('../../scripts/soak.mjs', import.meta.url));
/** It takes two minutes; a machine that does much else may need five times as long. */
const LONGEST_MS = 600_000;

/** Runs the soak to its end; answers its last line, and everything that it said. */
function soak(...args: readonly string[]): Promise<{ verdict: unknown; said: string }> {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const late = setTimeout(() => child.kill('SIGTERM'), LONGEST_MS);
  return new Promise((done) => {
    child.on('close', () => {
      clearTimeout(late);
      const last = said.trimEnd().split('\n').at(-1) ?? '';
      done({ verdict: last.startsWith('{') ? JSON.parse(last) : last, said });
    });
  });
}

// Had it been ended in the middle of a fault, the other tests would find a server that is not there.
afterAll(async () => {
  if (!servers.canKill()) return;
  await servers.start('database');
  await servers.start('broker');
});

// Whether each kind of fault could be shown is asked of longer runs: here most kinds come once, and a queue that happens
// to be empty cannot be purged.
it(
  'keeps every invariant in 500 random instances, while 25 faults hurt engines, wires, database and broker',
  async () => {
    const { verdict, said } = await soak(
      '--built',
      '--instances',
      '500',
      '--faults',
      '25',
      '--gap',
      '2500',
      '--seed',
      '1',
    );
    expect(verdict, said).toMatchObject({ faults: 25 });
    const { broken, confirmed } = verdict as { broken: readonly string[]; confirmed: number };
    expect(broken, said).toEqual([]);
    expect(confirmed, said).toBeGreaterThanOrEqual(servers.canKill() ? 15 : 10);
  },
  LONGEST_MS + 30_000,
);
