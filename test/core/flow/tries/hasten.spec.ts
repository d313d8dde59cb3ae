import { describe, expect, it } from 'vitest';
import { advance } from '../../../../src/core/flow/advance.js';
import type { NodeInstance } from '../../../../src/core/flow/instance.js';
import { end, flow, start, task, timer } from '../../../support/build-definition.js';
import { Bench, started } from '../../../support/flow-spec.js';

const AT = 10_000;
const both = flow({ begin: start(), t: timer({ ms: 60_000 }), a: task(), done: end() }, ['begin -> t -> a -> done']);
const plain = flow({ begin: start(), a: task(), done: end() }, ['begin -> a -> done']);

function hasten(
  node: 'a' | 't',
  row: Partial<NodeInstance>,
  asked: { dispatch?: number | null; delayMs?: number } = {},
) {
  const bench = new Bench(node === 't' ? both : plain);
  bench.happens(started());
  const waiting = { ...(bench.row(node) as NodeInstance), queue: 4, wakeAt: AT + 60_000, ...row };
  const { dispatch = null, delayMs = 0 } = asked;
  const event = { type: 'node.hastened', at: AT, node, visit: 1, dispatch, delayMs, by: 'ops' } as const;
  return advance(bench.definition, { instance: bench.instance, nodes: [waiting] }, event);
}

describe('what waits for its time and is let go by hand', () => {
  it('is dispatched anew as the same attempt, and the instance is not written', () => {
    const answer = hasten('a', { attempt: 3 });
    expect(answer).toMatchObject({ ok: true, value: { instanceChanged: false, outputs: [] } });
    const effects = answer.ok ? answer.value.effects : [];
    expect(effects).toMatchObject([{ type: 'dispatch', attempt: 3, cause: 'hastened', delayMs: 0, kind: 'task' }]);
  });

  it('may be a timer, or be put off', () => {
    const answer = hasten('t', {}, { delayMs: 5_000 });
    const effects = answer.ok ? answer.value.effects : [];
    expect(effects).toMatchObject([{ type: 'dispatch', kind: 'timer', handler: null, delayMs: 5_000 }]);
  });

  it.each<[string, Partial<NodeInstance>, { dispatch?: number }, string]>([
    ['is due', { wakeAt: AT }, {}, 'not-waiting'],
    ['is due within a second, and may be on its way to a handler', { wakeAt: AT + 1_000 }, {}, 'not-waiting'],
    ['waits for no message', { queue: null, wakeAt: null }, {}, 'not-waiting'],
    ['is an incident', { status: 'incident' }, {}, 'not-waiting'],
    ['is over', { status: 'done' }, {}, 'node-instance-over'],
    ['has moved since it was looked at', { dispatch: 5 }, { dispatch: 4 }, 'stale-attempt'],
  ])('is let be when it %s', (_, row, asked, reason) => {
    expect(hasten('a', row, asked)).toMatchObject({ ok: false, error: { reason } });
  });

  it('is let go when it is the dispatch that was looked at', () => {
    expect(hasten('a', { dispatch: 5 }, { dispatch: 5 }).ok).toBe(true);
    expect(hasten('a', { wakeAt: AT + 1_001 }).ok).toBe(true);
  });
});
