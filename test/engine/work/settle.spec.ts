import { afterEach, describe, expect, it } from 'vitest';
import { partVisit } from '../../../src/core/flow/tries/tcc/rule.js';
import { SettleParticipant } from '../../../src/engine/operate/parts/settle-participant.js';
import { PermanentError, type TaskHandler } from '../../../src/engine/ports/handlers.js';
import { EngineBench, until } from '../bench.js';

const FLOW = `flow: prize
nodes:
  begin: { start: true }
  grant:
    tcc:
      budget: { try: budget.freeze, confirm: budget.deduct, cancel: budget.unfreeze }
      prize:  { try: prize.reserve, confirm: prize.issue, cancel: prize.release }
    within: 200ms
  done: { end: done }
  refused: { end: refused }
  late: { end: late }
edges:
  - begin -> grant
  - grant -> done: _result
  - grant -> refused: else
  - grant -> late: on timeout
`;
const NAMES = 'budget.freeze budget.deduct budget.unfreeze prize.reserve prize.issue prize.release'.split(' ');

describe('participants', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  async function run(answers: Readonly<Record<string, TaskHandler>>) {
    const asked: string[] = [];
    const handlers = NAMES.map((name): [string, TaskHandler] => [
      name,
      (input, context) => {
        asked.push(name);
        return answers[name]?.(input, context) ?? { ok: true };
      },
    ]);
    bench = new EngineBench(Object.fromEntries(handlers), FLOW);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'prize', {});
    const is = (status: string) => async () => {
      const instance = await bench.instance(id);
      return instance?.status === status && instance;
    };
    const settle = new SettleParticipant(engine.commits, bench.views, bench.catalog);
    const of = { instance: id, node: 'grant', by: 'ann', reason: 'seen to at the bank' };
    return { engine, asked, id, is, settle, of };
  }
  const never = (): never => {
    throw new PermanentError('GONE', 'It is gone.');
  };

  it('that could not confirm are settled by a person, one by one, and by name where there are several', async () => {
    const { is, settle, of, asked } = await run({ 'budget.deduct': never, 'prize.issue': never });
    const both = async () => ((await is('incident')()) || { incidents: 0 }).incidents === 2;
    await until('two incidents', both);
    expect(await settle.execute(of)).toMatchObject({ error: { reason: 'several-to-settle' } });
    expect(await settle.execute({ ...of, participant: 'nobody' })).toMatchObject({
      error: { reason: 'nothing-to-settle' },
    });
    expect(await settle.execute({ ...of, node: 'begin' })).toMatchObject({ error: { reason: 'nothing-to-settle' } });
    expect(await settle.execute({ ...of, instance: 'none' })).toMatchObject({ error: { reason: 'unknown-instance' } });
    expect(await settle.execute({ ...of, participant: 'prize' })).toEqual({ ok: true, value: null });
    expect(await settle.execute(of)).toEqual({ ok: true, value: null });
    expect(await until('the end', is('completed'))).toMatchObject({ outcome: 'done' });
    const view = await bench.views.instance(of.instance);
    const byHand = { phase: 'confirm', by: 'ann', reason: 'seen to at the bank' };
    expect(view?.nodes.find(({ visit, node }) => node === 'grant' && visit === 1)?.output).toMatchObject({
      outcome: 'confirmed',
      byHand: { budget: byHand, prize: byHand },
    });
    const part = view?.nodes.find(({ visit }) => visit === partVisit(1, 1, 'confirm'));
    expect(part).toMatchObject({ status: 'done', output: { settledBy: 'ann', reason: 'seen to at the bank' } });
    expect(asked.filter((name) => name.endsWith('release') || name.endsWith('unfreeze'))).toEqual([]);
  });

  it('who do not try within their time are cancelled, and told to stop', async () => {
    let stopped = false;
    const { is, asked } = await run({
      'prize.reserve': (_, { signal }) =>
        new Promise((_done, fail) => {
          signal.addEventListener('abort', () => {
            stopped = true;
            fail(new Error('stopped'));
          });
        }),
    });
    expect(await until('the end', is('completed'))).toMatchObject({ outcome: 'late' });
    expect(asked.toSorted()).toEqual(['budget.freeze', 'budget.unfreeze', 'prize.release', 'prize.reserve']);
    await until('the one who tried to be told', () => stopped);
  });

  it('of an instance that a person cancels are cancelled before it is over', async () => {
    const { engine, id, is, asked } = await run({ 'prize.reserve': () => new Promise(() => {}) });
    await until('both to be asked', () => asked.length === 2);
    expect((await engine.cancelInstance.execute({ instance: id, by: 'ann' })).ok).toBe(true);
    await until('the end', is('cancelled'));
    expect(asked.toSorted()).toEqual(['budget.freeze', 'budget.unfreeze', 'prize.release', 'prize.reserve']);
    expect([...bench.rows.fences.values()]).toEqual(['cancelled', 'cancelled']);
  });
});
