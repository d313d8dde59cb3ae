import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../src/engine/ports/checkpoint.js';
import type { Tuning } from '../../src/engine/ports/tuning.js';
import { type Expected, loan, order, reminder } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, QUICK, Stage } from '../support/engine/stage.js';

interface Case {
  readonly id: string;
  readonly point: CrashPoint | 'handling';
  /** Of both engines. Without it the sweep has its usual patience of half a minute, and has no part in it. */
  readonly tuning?: Partial<Tuning>;
  readonly settings?: Readonly<Record<string, string>>;
  /** Starts come one by one: of seven at once only two transactions would be made. */
  readonly apart?: boolean;
  /** Done again and again until the engine is dead; for points that only losses lead to. */
  readonly harm?: (stage: Stage) => Promise<unknown>;
}

/** See docs/durability.md. C5 is a lost answer and not a place in the code: when-the-commit-answer-is-lost has it. */
const CASES: readonly Case[] = [
  { id: 'C1', point: 'delivered' },
  { id: 'C2', point: 'guarded' },
  { id: 'C3', point: 'handling' },
  { id: 'C4, its handler has answered', point: 'handled' },
  { id: 'C4, all is written', point: 'written' },
  { id: 'C6', point: 'committed' },
  { id: 'C7', point: 'published' },
  { id: 'C8', point: 'confirmed' },
  { id: 'C9', point: 'acknowledged' },
  { id: 'C10', point: 'sweep.claimed', tuning: QUICK, harm: (stage) => stage.purge() },
  { id: 'C11', point: 'timer.claimed', settings: { SLUICE_DELAY: 'database' }, tuning: { ...QUICK, timerEveryMs: 50 } },
  { id: 'C14', point: 'start.stored', apart: true },
];

let stage: Stage;
let engine: EngineProcess | null = null;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(async () => {
  await engine?.kill();
  await stage.close();
});

describe.each(CASES)('an engine that dies at $id, $point', ({ point, tuning = {}, settings, harm, apart = false }) => {
  it.each([1, 3])(
    'the time %i: all is finished, and every effect has one key',
    async (nth) => {
      const starts = fiveAndTwo(`${point}-${nth}`);
      const env = stage.env(tuning, settings);
      engine = await aliveWith(env);
      engine.dieAt(point, nth);
      for (const some of apart ? starts.map((one) => [one]) : [starts]) await stage.start(some);
      const ending = await deathOf(engine, harm);
      expect(ending, engine.output).toEqual({ code: null, signal: 'SIGKILL' });
      expect(engine.output).toContain(`SIGKILL at ${point}\n`);
      expect(await unfinished(starts), 'starts that were not over when it died').toBeGreaterThan(0);

      engine = await EngineProcess.start(env);
      await stage.allOver(starts);
      await stage.check(starts);
      const { swept = 0 } = await engine.tally();
      expect(swept > 0, `the sweep was needed: it found ${swept}`).toBe(tuning.sweepEveryMs !== undefined);
    },
    90_000,
  );
});

async function deathOf(dying: EngineProcess, harm: Case['harm']): ReturnType<EngineProcess['kill']> {
  const silent = pause(20_000).then(() => dying.kill('SIGTERM'));
  for (;;) {
    const ending = await Promise.race([dying.ended, silent, harm ? pause(100) : dying.ended]);
    if (ending) return ending;
    await harm?.(stage);
  }
}

/** Whoever brought the last case to its end is the one that dies next, where its settings are right. */
async function aliveWith(env: Readonly<Record<string, string>>): Promise<EngineProcess> {
  if (engine?.alive && JSON.stringify(engine.env) === JSON.stringify(env)) return engine;
  await engine?.kill();
  return EngineProcess.start(env);
}

describe('an engine that dies between storing a start and publishing its first dispatch', () => {
  it('finishes it although the caller, who never got an answer, does not ask again', async () => {
    const starts = [order('asked-by-http')];
    engine = await aliveWith(stage.env());
    engine.dieAt('start.stored', 1);
    const { flow, input } = starts[0] as Expected;
    await expect(engine.ask('POST', '/api/instances', { flow, input })).rejects.toThrow();
    expect((await engine.ended).signal).toBe('SIGKILL');
    expect(await stage.running(starts)).toBe(1);

    engine = await EngineProcess.start(stage.env());
    await stage.allOver(starts);
    await stage.check(starts);
    expect((await engine.tally())['swept']).toBeGreaterThan(0);
  }, 90_000);
});

const unfinished = async (starts: readonly Expected[]): Promise<number> => {
  const rows = await stage.instancesOf(starts);
  return starts.length - rows.filter(({ ended_at }) => ended_at !== null).length;
};

const fiveAndTwo = (prefix: string): readonly Expected[] => [
  loan(`${prefix}-paid`, 'paid'),
  loan(`${prefix}-refused`, 'refused'),
  loan(`${prefix}-unsound`, 'unsound'),
  loan(`${prefix}-closed`, 'closed'),
  loan(`${prefix}-returned`, 'returned'),
  order(`${prefix}-order`),
  reminder(`${prefix}-reminder`),
];
