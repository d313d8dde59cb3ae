import { expect, it } from 'vitest';
import { newInstance } from '../../../src/core/flow/advance.js';
import { EMPTY_SNAPSHOT } from '../../../src/core/routing/snapshot.js';
import { Draft } from '../../../src/engine/commit/draft.js';
import { end, flow, start, task } from '../../support/build-definition.js';

it('keeps the polls of an attempt apart from its failure', () => {
  const retry = { remote: [1_000], max: 1 };
  const definition = flow({ begin: start(), a: task({ retry }), done: end() }, ['begin -> a -> done']);
  const draft = new Draft(definition, newInstance({ id: 'i', flow: 'test', version: 1, key: null, at: 0 }), [], {
    maxDelayMs: 0,
    snapshot: EMPTY_SNAPSHOT,
  });
  const about = { at: 0, node: 'a', visit: 1, attempt: 1 };
  draft.apply({ type: 'started', at: 0, input: {} });
  draft.apply({ type: 'task.polled', ...about, delayMs: 1_000 });
  draft.apply({ type: 'task.polled', ...about, delayMs: 1_000 });
  draft.apply({ type: 'task.failed', ...about, error: { code: 'X', message: 'no', permanent: false } });
  const kept = draft.changes().attempts.map(({ how, attempt, poll, lane }) => ({ how, attempt, poll, lane }));
  expect(kept).toEqual([
    { how: 'polled', attempt: 1, poll: 0, lane: 'normal' },
    { how: 'polled', attempt: 1, poll: 1, lane: 'normal' },
    { how: 'failed', attempt: 1, poll: 2, lane: 'normal' },
  ]);
});
