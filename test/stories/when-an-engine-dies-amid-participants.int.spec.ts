import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../src/engine/ports/checkpoint.js';
import type { Expected } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { QUICK, Stage, until } from '../support/engine/stage.js';

const TRIES = ['budget.freeze', 'prize.reserve'];
const CONFIRMS = ['budget.deduct', 'prize.issue'];
const CANCELS = ['budget.unfreeze', 'prize.release'];
const FLOW = `flow: grant
key: input.grantId
input: { type: object, required: [grantId, refuses], properties: { grantId: { type: string }, refuses: { type: string } } }
nodes:
  begin: { start: true }
  grant:
    tcc:
      budget: { try: budget.freeze, confirm: budget.deduct, cancel: budget.unfreeze, in: { refuses: input.refuses } }
      prize:  { try: prize.reserve, confirm: prize.issue, cancel: prize.release, in: { refuses: input.refuses } }
    order: sequence
  done: { end: done }
  refused: { end: refused }
edges:
  - begin -> grant
  - grant -> done: _result
  - grant -> refused: else
`;

let stage: Stage;
let engine: EngineProcess | null = null;
const definitions = mkdtempSync(join(tmpdir(), 'sluice-participants-'));
const env = (): Record<string, string> => ({
  ...stage.env(QUICK, { SLUICE_DEFINITIONS: definitions }),
  PARTICIPANTS: [...TRIES, ...CONFIRMS, ...CANCELS].join(' '),
});

beforeAll(async () => {
  writeFileSync(join(definitions, 'grant.flow.yaml'), FLOW);
  stage = await Stage.open();
});

afterAll(async () => {
  await engine?.kill();
  await stage.close();
  rmSync(definitions, { recursive: true });
});

const granting = (key: string, refuses = ''): Expected => {
  const outcome = refuses === '' ? 'done' : 'refused';
  return { flow: 'grant', key, input: { grantId: key, refuses }, visits: [], outcome };
};

const idOf = async (key: string): Promise<string> => {
  const [row] = await stage.rows('SELECT id FROM instance WHERE business_key = ?', [key]);
  return String(row?.['id'] ?? '');
};

const fencesOf = async (id: string): Promise<unknown[]> => {
  const rows = await stage.rows('SELECT participant, state FROM tcc_fence WHERE instance = ? ORDER BY participant', [
    id,
  ]);
  return rows.map(({ participant, state }) => `${participant} ${state}`);
};

/** Whom the world was told to do something of this instance, each with the keys that it was told under. */
function told(id: string): Record<string, number> {
  const keys = new Map<string, Set<string>>();
  for (const { instance, handler, idempotencyKey } of stage.ledger.calls) {
    if (instance === id) keys.set(handler, (keys.get(handler) ?? new Set()).add(idempotencyKey));
  }
  return Object.fromEntries([...keys].map(([handler, under]) => [handler, under.size]));
}

const once = (...handlers: readonly string[]) => Object.fromEntries(handlers.map((name) => [name, 1]));

/** One after the other they try, at 1 and 2; then both are told the same, at 3 and 4. */
const PLACES: readonly (readonly [where: string, point: CrashPoint | 'handling', nth: number])[] = [
  ['before the first has begun to try', 'guarded', 1],
  ['when the fence has let the first try', 'fenced', 1],
  ['while the first tries', 'handling', 1],
  ['when the last try has been answered, and nothing is decided', 'handled', 2],
  ['when the fence has let the first be settled', 'fenced', 3],
  ['when one is settled, and the other is told', 'handling', 4],
];

describe.each(PLACES)('an engine that is killed %s', (_, point, nth) => {
  it.each([
    ['confirmed', '', CONFIRMS],
    ['cancelled', 'prize.reserve', CANCELS],
  ] as const)(
    'leaves nobody in doubt: both are %s, each under one key',
    async (settled, refuses, settling) => {
      const start = granting(`${point}-${nth}-${settled}`, refuses);
      engine = engine?.alive ? engine : await EngineProcess.start(env());
      engine.dieAt(point, nth);
      await stage.start([start]);
      expect((await engine.ended).signal, engine.output).toBe('SIGKILL');
      expect(await stage.running([start]), 'it is not over when the engine dies').toBe(1);
      engine = await EngineProcess.start(env());
      await stage.allOver([start]);
      const [row] = await stage.instancesOf([start]);
      expect(row).toMatchObject({ status: 'completed', outcome: start.outcome, active: 0 });
      const id = await idOf(start.key);
      expect(told(id)).toEqual(once(...TRIES, ...settling));
      expect(await fencesOf(id)).toEqual([`budget ${settled}`, `prize ${settled}`]);
    },
    90_000,
  );
});

describe('an engine that sleeps before the fence', () => {
  it('wakes to a try that is refused: it was cancelled without anybody being asked', async () => {
    engine = engine?.alive ? engine : await EngineProcess.start(env());
    const start = granting('asleep');
    const asleep = engine.sleepAt('guarded', 1);
    await stage.start([start]);
    await asleep;
    const id = await idOf('asleep');
    const other = await EngineProcess.start(env());
    try {
      expect((await other.ask('POST', `/api/instances/${id}/cancel`, {})).status).toBe(202);
      await stage.allOver([start]);
      expect((await stage.instancesOf([start]))[0]).toMatchObject({ status: 'cancelled', active: 0 });
      expect(await fencesOf(id)).toEqual(['budget empty']);
      const sleeper = engine;
      sleeper.signal('SIGCONT');
      await until('the try to be refused', async () => ((await sleeper.tally())['tcc.refused'] ?? 0) > 0);
      expect(told(id)).toEqual({});
      expect(await fencesOf(id)).toEqual(['budget empty']);
    } finally {
      await other.kill();
    }
  }, 90_000);
});

describe('an instance that a person cancels while its engine is dead', () => {
  it('confirms what was decided to be confirmed, and is cancelled then', async () => {
    const first = engine?.alive ? engine : await EngineProcess.start(env());
    const start = granting('decided');
    first.dieAt('fenced', 3);
    await stage.start([start]);
    await first.ended;
    const id = await idOf('decided');
    // It has the handlers of nobody: what is cancelled through it waits for one that has them.
    const door = await EngineProcess.start({ ...env(), PARTICIPANTS: '' });
    expect((await door.ask('POST', `/api/instances/${id}/cancel`, {})).status).toBe(202);
    expect((await door.ask('GET', `/api/instances/${id}`)).body).toMatchObject({ ending: { status: 'cancelled' } });
    await door.kill();
    engine = await EngineProcess.start(env());
    await stage.allOver([start]);
    expect((await stage.instancesOf([start]))[0]).toMatchObject({ status: 'cancelled', active: 0 });
    expect(told(id)).toEqual(once(...TRIES, ...CONFIRMS));
    expect(await fencesOf(id)).toEqual(['budget confirmed', 'prize confirmed']);
  }, 90_000);
});
