import { afterEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.js';
import { PermanentError, poll, type TaskContext, type TaskHandler } from '../../../src/engine/ports/handlers.js';
import { EngineBench, until } from '../bench.js';

const flow = (rules: string, more = '') =>
  `
flow: prize
nodes:
  begin: { start: true }
  rules:
    in: { uid: input.uid }
    retry: { local: [], remote: [10ms], max: 1 }${more}
    rules:
${rules}
  other: { task: other.look }
  done:  { end: done }
  fail:  { end: parked }
edges:
  - begin -> rules
  - rules -> done
  - rules -> fail: on error GONE
`
    .replace('  rules:\n    in', '  prize:\n    in')
    .replaceAll('- rules', '- prize')
    .replace('begin -> rules', 'begin -> prize')
    .replace('  other: { task: other.look }\n', '');

let bench: EngineBench;
afterEach(() => bench.end());

async function play(source: string, handlers: Record<string, TaskHandler>, input: JsonObject = { uid: 'u1' }) {
  bench = new EngineBench(handlers, source);
  const engine = await bench.engine();
  const id = await bench.start(engine, 'prize', input);
  const rest = async (): Promise<void> => {
    await until('rest', async () => {
      const instance = await bench.instance(id);
      return instance && (instance.active === 0 || instance.active === instance.incidents);
    });
  };
  await rest();
  const view = async () => {
    const shown = await bench.views.instance(id);
    if (!shown) throw new Error('Expected the instance, but it is gone.');
    return { ...shown, prize: shown.nodes.find(({ node }) => node === 'prize') };
  };
  const retry = async (): Promise<void> => {
    const answer = await engine.retryIncidents.execute({ instance: id, only: null, by: 'ann' });
    if (!answer.ok) throw new Error(answer.error.message);
    await rest();
  };
  return { view, retry };
}

/** Answers one after the other; an Error is thrown. */
function scripted(...answers: unknown[]) {
  const calls: { input: JsonObject; context: TaskContext }[] = [];
  const handler: TaskHandler = (input, context) => {
    calls.push({ input, context: { ...context, log: context.log, signal: context.signal } });
    const answer = answers[Math.min(calls.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { handler, calls };
}

const output = (value: Json | undefined): Record<string, unknown> => value as unknown as Record<string, unknown>;

describe('a node of rules', () => {
  it('asks its handlers in one step, each with a key of its own, and says what came of it', async () => {
    const check = scripted(true);
    const give = scripted({ amount: 5 });
    const rules =
      '      and:\n        - { flow: a.check }\n        - { result: a.give, name: balance, with: { amount: 5 } }';
    const { view } = await play(flow(rules), { 'a.check': check.handler, 'a.give': give.handler });
    const { instance, prize } = await view();
    expect(instance).toMatchObject({ status: 'completed', outcome: 'done' });
    expect(prize).toMatchObject({ dispatch: 1, attempt: 1 });
    expect(prize?.output).toMatchObject({ state: 'true', _result: true, gave: { balance: { amount: 5 } } });
    expect(give.calls[0]?.input).toEqual({ uid: 'u1', requestTime: expect.any(Number) });
    expect(give.calls[0]?.context).toMatchObject({ with: { amount: 5 }, node: 'prize', attempt: 1 });
    expect(give.calls[0]?.context.idempotencyKey).toBe(`${instance.id}.prize.1.and.1.result`);
    expect(check.calls[0]?.context.idempotencyKey).toBe(`${instance.id}.prize.1.and.0.flow`);
  });

  it('gives nothing twice when a later part fails and the attempt is made again', async () => {
    const give = scripted({ amount: 5 });
    const flaky = scripted(new Error('down'), { amount: 10 });
    const rules =
      '      all:\n        - { result: a.give, name: balance }\n        - { result: a.flaky, name: points }';
    const { view } = await play(flow(rules), { 'a.give': give.handler, 'a.flaky': flaky.handler });
    const { prize } = await view();
    expect([give.calls.length, flaky.calls.length]).toEqual([1, 2]);
    expect(prize).toMatchObject({ attempt: 2 });
    expect(prize?.output).toMatchObject({ gave: { balance: { amount: 5 }, points: { amount: 10 } } });
    expect(output(prize?.output)['trace']).toMatchObject([{ mark: 'T', known: true }, { mark: 'T' }, { mark: 'T' }]);
    expect(flaky.calls[0]?.context.idempotencyKey).toBe(flaky.calls[1]?.context.idempotencyKey);
    expect(flaky.calls[0]?.input['requestTime']).toBe(flaky.calls[1]?.input['requestTime']);
  });

  it('waits for a person with what it has done, and goes on in its own time', async () => {
    const give = scripted({ amount: 5 });
    const flaky = scripted(new Error('down'), { amount: 10 });
    const rules =
      '      all:\n        - { result: a.give, name: balance }\n        - { result: a.flaky, onError: park }\n      onError: none';
    const { view, retry } = await play(flow(rules), { 'a.give': give.handler, 'a.flaky': flaky.handler });
    const parked = await view();
    expect(parked.instance.status).toBe('incident');
    expect(parked.prize).toMatchObject({
      attempt: 1,
      error: { code: 'PARKED', message: expect.stringMatching(/all\.1\.result.* down/) },
    });
    expect(JSON.stringify(parked.prize?.output)).toContain('"amount":5');
    await new Promise((wake) => setTimeout(wake, 20));
    await retry();
    expect(await view()).toMatchObject({ instance: { status: 'completed', outcome: 'done' } });
    expect([give.calls.length, flaky.calls.length]).toEqual([1, 2]);
    expect(flaky.calls[1]?.input['requestTime']).toBe(flaky.calls[0]?.input['requestTime']);
  });

  it('is no output for others while it waits, and none behind an error line', async () => {
    const source = `
flow: prize
nodes:
  begin: { start: true }
  prize: { rules: { all: [{ result: a.give }, { flow: a.gone }] } }
  look:  { task: other.look }
  done:  { end: done }
edges:
  - begin -> prize -> done
  - prize -> look: on error GONE
  - look -> done
`;
    const look = scripted({});
    const gone = scripted(new PermanentError('GONE', 'no such user'));
    const handlers = { 'a.give': scripted({ a: 1 }).handler, 'a.gone': gone.handler, 'other.look': look.handler };
    const { view } = await play(source, handlers);
    expect((await view()).instance.outcome).toBe('done');
    expect(Object.keys(look.calls[0]?.input ?? {}).sort()).toEqual(['input', 'vars']);
  });

  it.each([
    ['"2026-10-05T10:00:00+08:00"', 'T'],
    ['"2026-10-08T10:00:00+08:00"', 'O'],
    [String(Date.UTC(2026, 9, 5)), 'T'],
  ])('goes by the time that `at` gives: %s', async (at, mark) => {
    const rules =
      '      when: input.uid == "u1"\n      window: { from: 2026-10-05T00:00:00+08:00, to: 2026-10-05T23:59:59+08:00 }';
    const { view } = await play(flow(rules, '\n    at: input.at'), {}, { uid: 'u1', at: JSON.parse(at) as Json });
    expect(output((await view()).prize?.output)['trace']).toMatchObject([{ mark }]);
  });

  it('refuses a time that is none', async () => {
    const { view } = await play(
      flow('      when: input.uid == "u1"', '\n    at: input.at'),
      {},
      { uid: 'u1', at: 'soon' },
    );
    expect((await view()).prize?.error).toMatchObject({ code: 'BAD_TIME' });
  });

  it.each([
    ['cannot poll', poll(5), 'POLL_WITHIN_WORK'],
    ['answers JSON', { n: 1n }, 'RESULT_NOT_SERIALISABLE'],
    ['answers little', { text: 'x'.repeat(50_000) }, 'RESULT_TOO_LARGE'],
    ['fails with its code', new PermanentError('STOLEN', 'it was'), 'STOLEN'],
  ])('a leaf %s', async (_what, answer, code) => {
    const { view } = await play(flow('      flow: a.leaf'), {
      'a.leaf': () => {
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    expect((await view()).prize).toMatchObject({ status: 'incident', attempt: 1, error: { code } });
  });

  it('is an incident that names the condition which has no answer', async () => {
    const { view } = await play(flow('      any:\n        - when: input.age > 3'), {});
    expect((await view()).prize?.error).toMatchObject({
      code: 'EXPRESSION_TYPES',
      message: expect.stringContaining('any.0.when'),
    });
  });

  it('waits for a handler that no engine has, before it asks any', async () => {
    const give = scripted({});
    const { view } = await play(flow('      all: [{ result: a.give }, { flow: a.absent }]'), {
      'a.give': give.handler,
    });
    expect((await view()).incidents).toMatchObject([
      { code: 'NO_HANDLER', message: expect.stringContaining('a.absent') },
    ]);
    expect(give.calls).toEqual([]);
  });
});
