import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import type { Engine } from '../../../src/engine/engine.js';
import { CompleteManual } from '../../../src/engine/operate/complete-manual.js';
import { EngineBench, until } from '../bench.js';

const LOAN = `flow: loan
input: { type: object, properties: { desk: { type: string } } }
nodes:
  begin: { start: true }
  first:
    manual:
      title: Look at it
      assignee: input.desk
      form: { type: object, required: [ok], properties: { ok: { type: boolean } } }
  second: { manual: { title: Sign } }
  done: { end: success }
edges: [begin -> first, first -> second, second -> done]
`;

describe('a manual node', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  async function asked(): Promise<{
    engine: Engine;
    id: string;
    complete: CompleteManual;
    tasks: () => Promise<unknown>;
  }> {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'loan', { desk: 'credit' });
    const complete = new CompleteManual(engine.commits, bench.views, bench.catalog);
    const tasks = async () => (await bench.views.manualTasks({ limit: 10 })).items;
    return { engine, id, complete, tasks };
  }
  const ann = { name: 'ann', roles: ['operator'], groups: ['credit'] };
  const give = (node: string, output: JsonObject, by = ann) => ({ node, output, by });

  it('is listed while it waits for somebody, and the next when that is done', async () => {
    const { id, complete, tasks } = await asked();
    expect(await tasks()).toMatchObject([{ instance: id, node: 'first', assignee: 'credit', dueAt: null }]);
    expect(await complete.execute({ instance: id, ...give('first', { ok: true }) })).toMatchObject({ ok: true });
    expect(await tasks()).toMatchObject([{ instance: id, node: 'second', assignee: null }]);
    expect(await complete.execute({ instance: id, ...give('second', {}) })).toMatchObject({ ok: true });
    expect(await tasks()).toEqual([]);
    const instance = await until('the end', async () => (await bench.instance(id))?.endedAt && bench.instance(id));
    expect(instance).toMatchObject({ status: 'completed', outcome: 'success' });
  });

  it('refuses what its form does not allow, with each place, and still waits', async () => {
    const { id, complete, tasks } = await asked();
    const answer = await complete.execute({ instance: id, ...give('first', { ok: 'yes' }) });
    expect(answer).toMatchObject({
      ok: false,
      error: {
        reason: 'invalid-output',
        message: expect.stringContaining("Expected what the form of 'Look at it' allows, but there is 1 fault"),
        violations: [{ pointer: '/ok', message: 'Expected what the form allows, but `/ok` must be boolean.' }],
      },
    });
    const large = await complete.execute({ instance: id, ...give('first', { ok: true, note: 'x'.repeat(70_000) }) });
    expect(large).toMatchObject({
      error: { reason: 'invalid-output', message: expect.stringContaining('65536 bytes') },
    });
    expect(await tasks()).toMatchObject([{ node: 'first' }]);
  });

  it('counts once when it is completed twice at the same time, and says so to whoever gave the same', async () => {
    const { id, complete } = await asked();
    const both = await Promise.all(
      [true, true].map((ok) => complete.execute({ instance: id, ...give('first', { ok }) })),
    );
    expect(both).toMatchObject([{ ok: true }, { ok: true }]);
    expect(both.map((one) => one.ok && one.value.duplicate)).toContain(true);
    const other = await complete.execute({ instance: id, ...give('first', { ok: false }) });
    expect(other).toMatchObject({ ok: false, error: { reason: 'node-instance-over' } });
  });

  it('refuses what is no manual node, what was not reached, and what is not there', async () => {
    const { id, complete } = await asked();
    const reasonOf = async (instance: string, node: string) => {
      const answer = await complete.execute({ instance, ...give(node, {}) });
      return answer.ok ? null : answer.error.reason;
    };
    expect(await reasonOf(id, 'begin')).toBe('not-manual');
    expect(await reasonOf(id, 'second')).toBe('unknown-node-instance');
    expect(await reasonOf(id, 'nothing')).toBe('unknown-node-instance');
    expect(
      await reasonOf(
        id.replace(/^./, (one) => (one === '0' ? '1' : '0')),
        'first',
      ),
    ).toBe('unknown-instance');
  });

  it('is completed by whom it is for alone, and told whose hand it was', async () => {
    const { id, complete, tasks } = await asked();
    const bob = { name: 'bob', roles: ['operator'], groups: ['sales'] };
    const refused = await complete.execute({ instance: id, ...give('first', { ok: true }, bob) });
    expect(refused).toEqual({
      ok: false,
      error: {
        reason: 'not-theirs',
        message:
          "Expected credit, or somebody of that group, to complete 'Look at it', but bob is neither. Ask them, or an admin.",
      },
    });
    expect(await tasks()).toMatchObject([{ node: 'first' }]);
    const cleo = { name: 'cleo', roles: ['viewer'], groups: ['credit'] };
    expect(await complete.execute({ instance: id, ...give('first', { ok: true }, cleo) })).toMatchObject({ ok: true });
    expect(await complete.execute({ instance: id, ...give('second', {}, cleo) })).toMatchObject({
      error: { message: expect.stringContaining('Expected an operator to complete') },
    });
    expect(await complete.execute({ instance: id, ...give('second', {}, bob) })).toMatchObject({ ok: true });
    const { nodes } = (await bench.views.instance(id)) ?? { nodes: [] };
    const hands = nodes.flatMap(({ reason }) => (reason?.includes('completed by') ? [reason] : []));
    expect(hands).toEqual(['completed by cleo', 'completed by bob']);
  });

  it('is forgotten when its instance is cancelled', async () => {
    const { engine, id, tasks } = await asked();
    await engine.cancelInstance.execute({ instance: id, by: 'ann' });
    expect(await tasks()).toEqual([]);
  });
});
