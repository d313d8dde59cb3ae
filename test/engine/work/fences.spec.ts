import { afterEach, describe, expect, it } from 'vitest';
import { type Phase, partVisit } from '../../../src/core/flow/tries/tcc/rule.js';
import { Fences } from '../../../src/engine/health/limits/fences.js';
import { PermanentError, type TaskContext } from '../../../src/engine/ports/handlers.js';
import { Tally } from '../../../src/engine/tally.js';
import { EngineBench, until } from '../bench.js';

const FLOW = `flow: prize
input: { type: object }
nodes:
  begin: { start: true }
  grant:
    tcc:
      budget: { try: budget.freeze, confirm: budget.deduct, cancel: budget.unfreeze, in: { amount: input.amount } }
      prize:  { try: prize.reserve, confirm: prize.issue, cancel: prize.release, in: { uid: input.uid } }
  done: { end: done }
  refused: { end: refused }
edges:
  - begin -> grant
  - grant -> done: _result and result.tried.budget.hold == 'h-1'
  - grant -> refused: else
`;

describe('participants of a tcc', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  async function run(answers: Readonly<Record<string, (context: TaskContext) => unknown>>) {
    const asked: string[] = [];
    const inputs: Record<string, object> = {};
    const transactions = new Set<string | undefined>();
    const keys = new Set<string>();
    const names = [
      'budget.freeze',
      'budget.deduct',
      'budget.unfreeze',
      'prize.reserve',
      'prize.issue',
      'prize.release',
    ];
    const handlers = Object.fromEntries(
      names.map((name) => [
        name,
        (input: object, context: TaskContext) => {
          asked.push(name);
          inputs[name] = input;
          transactions.add(context.transaction);
          keys.add(context.idempotencyKey);
          return answers[name]?.(context) ?? { ok: true };
        },
      ]),
    );
    bench = new EngineBench(handlers, FLOW);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'prize', { amount: 5, uid: 'u-1' });
    const end = async () => {
      const instance = await bench.instance(id);
      return instance?.status === 'completed' && instance;
    };
    return { asked, inputs, transactions, keys, id, end };
  }

  it('try, and confirm with what they got then, each phase under a key of its own and all under one transaction', async () => {
    const { asked, inputs, transactions, keys, id, end } = await run({ 'budget.freeze': () => ({ hold: 'h-1' }) });
    expect(await until('the end', end)).toMatchObject({ outcome: 'done' });
    expect(asked.toSorted()).toEqual(['budget.deduct', 'budget.freeze', 'prize.issue', 'prize.reserve']);
    expect(inputs['budget.deduct']).toEqual({ amount: 5, tried: { hold: 'h-1' } });
    expect(inputs['prize.reserve']).toEqual({ uid: 'u-1' });
    expect([...transactions].toSorted()).toEqual([`${id}.grant.1.budget`, `${id}.grant.1.prize`]);
    expect(keys.size).toBe(4);
    expect([...bench.rows.fences.values()]).toEqual(['confirmed', 'confirmed']);
  });

  it('are cancelled when one refuses, and who still tries is told to stop', async () => {
    let stopped = false;
    const { asked, inputs, end } = await run({
      'budget.freeze': () => {
        throw new PermanentError('NO_BUDGET', 'It is used up.');
      },
      'prize.reserve': ({ signal }) =>
        new Promise((_, fail) => {
          signal.addEventListener('abort', () => {
            stopped = true;
            fail(new Error('stopped'));
          });
        }),
    });
    expect(await until('the end', end)).toMatchObject({ outcome: 'refused' });
    expect(asked.toSorted()).toEqual(['budget.freeze', 'budget.unfreeze', 'prize.release', 'prize.reserve']);
    expect(inputs['prize.release']).toEqual({ uid: 'u-1', tried: null });
    expect(stopped).toBe(true);
    expect([...bench.rows.fences.values()]).toEqual(['cancelled', 'cancelled']);
  });

  it('that come too late are not asked, and the cancel of one that has not begun is done without asking', async () => {
    const asked: string[] = [];
    bench = new EngineBench();
    const { store, clock } = bench;
    const tally = new Tally();
    const fences = new Fences(store.fences, clock, tally);
    const context = { signal: new AbortController().signal } as TaskContext;
    const place = { instance: 'i', node: 'grant', visit: partVisit(1, 1, 'try') };
    const ask = async (phase: Phase) => {
      const handler = fences.before(() => asked.push(phase), place, { place: 1, name: 'prize', phase });
      return handler({}, context);
    };
    expect(await ask('cancel')).toBeNull();
    await expect(ask('try')).rejects.toMatchObject({ name: 'PermanentError', code: 'TCC_FENCED' });
    await expect(ask('confirm')).rejects.toMatchObject({ code: 'TCC_FENCED' });
    expect(asked).toEqual([]);
    expect(tally.all()).toEqual({ 'tcc.empty': 1, 'tcc.refused': 2 });
  });

  it('that were given up while the fence was asked are not asked', async () => {
    bench = new EngineBench();
    const stop = new AbortController();
    const slow = {
      pass: async () => {
        stop.abort(new Error('its time is up'));
        return 'go' as const;
      },
    };
    let asked = 0;
    const fences = new Fences(slow, bench.clock, new Tally());
    const place = { instance: 'i', node: 'grant', visit: partVisit(1, 0, 'try') };
    const handler = fences.before(() => asked++, place, { place: 0, name: 'budget', phase: 'try' });
    await expect(handler({}, { signal: stop.signal } as TaskContext)).rejects.toThrow('its time is up');
    expect(asked).toBe(0);
  });
});
