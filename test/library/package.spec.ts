import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
let folder: string;
// Other processes start here, and a compiler among them.
vi.setConfig({ testTimeout: 120_000 });

/** A folder of somebody else, with this package among its modules. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/sluice'));
  for (const name of ['@nestjs', '@types', 'reflect-metadata', 'rxjs'])
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('runs the example of docs/embedding.md from outside', () => {
  cpSync(join(ROOT, 'docs/examples/embedded'), folder, { recursive: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, ['app.mjs', 'Bob'], { cwd: folder, encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'greeted: Dear Bob\n', stderr: '' });
});

it('has types for what it exports, and exports nothing else', () => {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'use.ts'),
    `import { type BatchCall, BatchTask, inBatches } from 'sluice';
import { defineNodeType, PermanentError, poll, Sluice, SluiceModule, Task, type TaskContext } from 'sluice';
export class Cards {
  @BatchTask('card.score')
  async score(calls: readonly BatchCall[], { signal }: { signal: AbortSignal }): Promise<unknown[]> {
    return calls.map(({ input, context }) => (signal.aborted ? null : [input, context.attempt]));
  }
  constructor(private readonly sluice: Sluice) {}
  @Task('card.charge')
  async charge({ amount }: { amount: number }, { idempotencyKey }: TaskContext): Promise<object> {
    if (amount > 5) throw new PermanentError('TOO_MUCH', idempotencyKey);
    return poll((await this.sluice.start({ flow: 'a', input: {} })).version);
  }
}
export const kind = defineNodeType<{ amount: number }>({
  name: 'acme.a',
  version: '1.0.0',
  execute: ({ amount }, { attempt }) => amount + attempt,
});
export const module = SluiceModule.forRoot({
  nodeTypes: [kind],
  handlers: { 'card.rate': inBatches((calls) => calls.map(() => new PermanentError('UNKNOWN', 'Nobody knows it.'))) },
});
// @ts-expect-error there is no such option
SluiceModule.forRoot({ definition: 'flows' });
`,
  );
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--skipLibCheck',
    '--experimentalDecorators',
  ];
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  expect(() =>
    execFileSync(process.execPath, [tsc, ...options, 'use.ts'], { cwd: folder, stdio: 'pipe' }),
  ).not.toThrow();

  writeFileSync(join(folder, 'list.mjs'), "console.log(Object.keys(await import('sluice')).sort().join(' '));");
  const listed = execFileSync(process.execPath, ['list.mjs'], { cwd: folder, encoding: 'utf8' });
  expect(listed.trim()).toBe(
    'BatchTask Log PermanentError Sluice SluiceModule SluiceRefusal Task TestedFlow defineNodeType inBatches poll testFlow traceparent',
  );
  writeFileSync(join(folder, 'inside.mjs'), "await import('sluice/dist/src/engine/engine.js');");
  expect(spawnSync(process.execPath, ['inside.mjs'], { cwd: folder, encoding: 'utf8' }).stderr).toContain(
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
  );
});

it('packs what it exports', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const npm = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'];
  const packed = JSON.parse(
    execFileSync('npm', npm, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const files: string[] = packed[0].files.map(({ path }: { path: string }) => path);
  for (const path of Object.values(exports['.']) as string[]) expect(files).toContain(path.replace('./', ''));
});
