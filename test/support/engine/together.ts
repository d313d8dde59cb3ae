import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../../src/engine/engine.js';
import type { Broker } from '../../../src/engine/ports/broker.js';
import { Catalog, type Published } from '../../../src/engine/ports/catalog.js';
import { inBatches, type TaskHandler } from '../../../src/engine/ports/handlers.js';
import { EMBEDDED_TUNING } from '../../../src/engine/ports/tuning.js';
import { compilePlayChecks } from '../../../src/language/expression/plays/compile-play-checks.js';
import { compileFormChecks } from '../../../src/language/input-schema.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { SystemClock } from '../../../src/memory/system-clock.js';
import { NodeIdentity } from '../../../src/programs/process/node-identity.js';
import { HandlerRegistry } from '../../../src/worker/handler-registry.js';
import { InProcessAttemptRunner } from '../../../src/worker/in-process-attempt-runner.js';
import type { Opened } from '../../contract/store/opened.js';
import { KeptLog, until } from '../../engine/bench.js';

const CROWD = 100;
const FLOW = `flow: together
nodes:
  begin: { start: true }
  score: { task: credit.score, in: { n: input.n }, batch: { max: 50, within: 200ms } }
  grant:
    tcc:
      budget: { try: budget.freeze, confirm: budget.deduct, cancel: budget.unfreeze, in: { n: input.n } }
      prize:  { try: prize.reserve, confirm: prize.issue, cancel: prize.release, in: { score: score.score } }
    retry: { remote: [50ms], max: 1 }
  done: { end: done }
  refused: { end: refused }
edges:
  - begin -> score -> grant
  - grant -> done: _result
  - grant -> refused: else
`;

class OneFlow extends Catalog {
  private readonly published: Published;

  constructor() {
    super();
    const { definition, problems } = readDefinition(FLOW, 'together.flow.yaml');
    if (!definition) throw new Error(JSON.stringify(problems));
    const checks = { ...compileFormChecks(definition), ...compilePlayChecks(definition) };
    this.published = { definition: { ...definition, version: 1 }, checkInput: () => [], ...checks };
  }

  override async get(): Promise<Published> {
    return this.published;
  }

  override cached(): Published {
    return this.published;
  }
}

/** Many instances that are scored in batches, and granted by two participants; on whatever store and broker there is. */
export function togetherOn(name: string, open: () => Promise<{ opened: Opened; broker: Broker }>): void {
  describe(name, () => {
    let opened: Opened;
    let broker: Broker;
    const engines: Engine[] = [];

    beforeAll(async () => {
      ({ opened, broker } = await open());
    });
    afterEach(async () => {
      for (const engine of engines.splice(0)) await engine.stop();
    });
    afterAll(async () => {
      await broker.close();
      await opened.close();
    });

    async function engineWith(handlers: Readonly<Record<string, TaskHandler>>): Promise<Engine> {
      const clock = new SystemClock();
      const log = new KeptLog();
      const registry = new HandlerRegistry();
      for (const [task, handler] of Object.entries(handlers)) registry.register(task, handler);
      const engine = new Engine({
        ...opened,
        broker,
        catalog: new OneFlow(),
        handlers: registry,
        runner: new InProcessAttemptRunner(clock, log),
        clock,
        identity: new NodeIdentity(),
        log,
        tuning: { ...EMBEDDED_TUNING, timerEveryMs: 50, drainMs: 20, abortMs: 20 },
      });
      engines.push(engine);
      await engine.start();
      return engine;
    }

    it('scores a crowd in few calls, and for each of them either both confirm or both cancel', async () => {
      const sizes: number[] = [];
      const asked = new Map<string, string[]>();
      const scored = inBatches((calls) => {
        sizes.push(calls.length);
        return calls.map(({ input }) => ({ score: Number(input['n']) % 10 }));
      });
      const noting =
        (phase: string, answer: (score: number) => unknown): TaskHandler =>
        (input, { instance }) => {
          asked.set(instance, [...(asked.get(instance) ?? []), phase]);
          return answer(Number(input['score'] ?? Number(input['n']) % 10));
        };
      // One in ten is refused at once, another fails twice and so for good.
      const reserve = (score: number): unknown => {
        if (score === 1) throw Object.assign(new Error('busy'), { code: 'BUSY' });
        return score !== 0;
      };
      const engine = await engineWith({
        'credit.score': scored,
        'budget.freeze': noting('try', () => ({ hold: 1 })),
        'budget.deduct': noting('confirm', () => ({})),
        'budget.unfreeze': noting('cancel', () => ({})),
        'prize.reserve': noting('try', reserve),
        'prize.issue': noting('confirm', () => ({})),
        'prize.release': noting('cancel', () => ({})),
      });
      const ids: string[] = [];
      for (let from = 0; from < CROWD; from += 50) {
        const starts = Array.from({ length: 50 }, (_, at) =>
          engine.startInstance.execute({ flow: 'together', input: { n: from + at } }),
        );
        for (const answer of await Promise.all(starts)) if (answer.ok) ids.push(answer.value.id);
      }
      const outcomes = await ends(opened, ids);
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(CROWD * 0.8);
      expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(CROWD * 0.2);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(CROWD);
      expect(sizes.length).toBeLessThan(CROWD / 5);
      for (const [at, id] of ids.entries()) {
        const phases = asked.get(id) ?? [];
        const settled = phases.filter((phase) => phase !== 'try');
        expect(new Set(settled).size, phases.join()).toBe(1);
        if (outcomes[at] === 'done') expect(settled).toEqual(['confirm', 'confirm']);
        // Who was never let through is cancelled without being asked.
        else expect(settled.length).toBeGreaterThan(0);
      }
    });

    it('confirms on another engine what one that has gone had decided, and tries nothing again', async () => {
      const asked: string[] = [];
      const noting = (task: string, answer: () => unknown = () => ({})): [string, TaskHandler] => [
        task,
        () => {
          asked.push(task);
          return answer();
        },
      ];
      const rest = ['budget.freeze', 'prize.reserve', 'budget.unfreeze', 'prize.release'].map((task) => noting(task));
      const score: [string, TaskHandler] = ['credit.score', () => ({ score: 5 })];
      const never = () => new Promise(() => {});
      const first = await engineWith(
        Object.fromEntries([score, ...rest, noting('budget.deduct', never), noting('prize.issue', never)]),
      );
      const answer = await first.startInstance.execute({ flow: 'together', input: { n: 5 } });
      if (!answer.ok) throw new Error(answer.error.message);
      await until('both to be told to confirm', () => asked.length === 4);
      await first.stop();
      await engineWith(Object.fromEntries([score, ...rest, noting('budget.deduct'), noting('prize.issue')]));
      expect(await ends(opened, [answer.value.id])).toEqual(['done']);
      const confirms = ['budget.deduct', 'prize.issue'];
      expect(asked.toSorted()).toEqual(['budget.freeze', 'prize.reserve', ...confirms, ...confirms].toSorted());
    });
  });
}

/** The outcomes, in the order of the ids, once all are over. */
async function ends({ views }: Opened, ids: readonly string[]): Promise<readonly (string | null)[]> {
  const end = performance.now() + 60_000;
  for (;;) {
    const { items } = await views.states(ids);
    const states = new Map(items.map(({ instance }) => [instance.id, instance]));
    if (ids.every((id) => states.get(id)?.status === 'completed'))
      return ids.map((id) => states.get(id)?.outcome ?? null);
    if (performance.now() > end) throw new Error('Expected all instances to end within a minute, but some did not.');
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
