import { describe, expect, it } from 'vitest';
import { readFlowFiles } from '../../src/catalog/flow-files.js';
import { handlersIn } from '../../src/core/definition/handlers.js';
import type { Clock } from '../../src/engine/ports/clock.js';
import { compileInputCheck } from '../../src/language/input-schema.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import { registerDemo } from '../../src/programs/demo/demo.module.js';
import { demoStarts } from '../../src/programs/demo/demo-starts.js';
import type { Post } from '../../src/programs/demo/post.js';
import { HandlerRegistry } from '../../src/worker/handler-registry.js';
import { Play } from './play.js';

const { files, faults } = await readFlowFiles(new URL('../../definitions', import.meta.url).pathname);
const partnersOn = (clock: Clock, post?: Post): HandlerRegistry => registerDemo(new HandlerRegistry(), clock, post);
const handlers = partnersOn(new VirtualClock());

it('every flow is there', () => {
  expect(faults).toEqual([]);
  expect(files.map(({ file }) => file)).toEqual([
    'incident.flow.yaml',
    'loan-disbursement.flow.yaml',
    'notice.flow.yaml',
    'order.flow.yaml',
    'recharge.flow.yaml',
    'reminder.flow.yaml',
    'repayment.flow.yaml',
  ]);
});

describe.each(files)('$file', ({ file, source }) => {
  const { definition, problems } = readDefinition(source, file);
  if (!definition) throw new Error(JSON.stringify(problems));
  const starts = demoStarts().filter(({ flow }) => flow === definition.flow);

  it('has no problem, not even a warning', () => expect(problems).toEqual([]));

  it('is explained, has a title and a key, and says what it is started with', () => {
    expect(new TextDecoder().decode(source)).toMatch(/^# [A-Z]/);
    expect(definition).toMatchObject({ title: expect.any(String), key: expect.anything(), input: { type: 'object' } });
  });

  it('has a simulated partner for every task', () => {
    for (const handler of handlersIn(definition)) expect(handlers.names()).toContain(handler);
  });

  it('is started by the demo with inputs that it takes, and the keys that it reads from them', () => {
    expect(starts.length).toBeGreaterThanOrEqual(2);
    for (const { input, key } of starts) {
      expect(compileInputCheck(definition.input ?? {})(input)).toEqual([]);
      const scope = Object.assign(Object.create(null), { input });
      expect(definition.key?.value(scope)).toBe(key);
    }
  });

  it.each(starts)('ends as the demo says: $shows', async ({ input, expect: { status, outcome } }) => {
    const play = await new Play(definition, partnersOn).start(input);
    expect(play.bench.instance).toMatchObject({ status, outcome });
    // What a newcomer waits for.
    expect(play.elapsedMs).toBeLessThan(15_000);
    if (status !== 'incident') return;
    await play.retry();
    expect(play.bench.instance).toMatchObject({ status: 'completed', outcome: 'transferred' });
  });

  it('takes every line in the demo', async () => {
    const taken = new Set<number>();
    for (const { input } of starts) {
      const { bench } = await new Play(definition, partnersOn).start(input);
      for (const { via } of bench.rows.values()) for (const edge of via) taken.add(edge);
    }
    expect(definition.edges.filter(({ index }) => !taken.has(index)).map(({ from, to }) => `${from} -> ${to}`)).toEqual(
      [],
    );
  });

  it('comes to every end in the demo', () => {
    const ends = [...definition.nodes.values()].flatMap((node) => (node.kind === 'end' ? [node.outcome] : []));
    const reached = new Set(starts.map(({ expect: { outcome } }) => outcome));
    for (const end of ends) expect(reached).toContain(end);
  });
});

it('every simulated partner has a flow that asks it', () => {
  const asked = new Set(
    files.flatMap(({ file, source }) => {
      const { definition } = readDefinition(source, file);
      return definition ? handlersIn(definition) : [];
    }),
  );
  expect(handlers.names()).toEqual([...asked].sort());
});

it('no two starts of the demo have one key', () => {
  const keys = demoStarts().map(({ flow, key }) => `${flow} ${key}`);
  expect(new Set(keys).size).toBe(keys.length);
});
