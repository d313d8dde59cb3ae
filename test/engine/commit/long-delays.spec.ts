import { expect, it } from 'vitest';
import { newInstance } from '../../../src/core/flow/advance.js';
import { DATABASE_TIMER } from '../../../src/core/routing/lane.js';
import { EMPTY_SNAPSHOT } from '../../../src/core/routing/snapshot.js';
import { Draft } from '../../../src/engine/commit/draft.js';
import { end, flow, start, timer } from '../../support/build-definition.js';

const HOUR_MS = 3_600_000;
const LONGEST_BY_PLUGIN_MS = 2 ** 32 - 1;

it.each([
  ['the ladder', HOUR_MS, HOUR_MS, 'broker'],
  ['the ladder', HOUR_MS, HOUR_MS + 1, 'database'],
  ['the plugin', LONGEST_BY_PLUGIN_MS, LONGEST_BY_PLUGIN_MS, 'broker'],
  ['the plugin', LONGEST_BY_PLUGIN_MS, LONGEST_BY_PLUGIN_MS + 1, 'database'],
  ['the database alone', 0, 1, 'database'],
])('by %s, which takes %i ms, a delay of %i ms is kept by the %s', (_, maxDelayMs, delayMs, keeper) => {
  const waiting = flow({ begin: start(), rest: timer({ ms: delayMs }), done: end() }, ['begin -> rest -> done']);
  const instance = newInstance({ id: 'i', flow: 'f', version: 1, key: null, at: 0 });
  const draft = new Draft(waiting, instance, [], { maxDelayMs, snapshot: EMPTY_SNAPSHOT });
  expect(draft.apply({ type: 'started', at: 0, input: {} })).toBeNull();
  const row = draft.changes().nodes.find(({ node }) => node === 'rest');
  expect([row?.queue === DATABASE_TIMER, row?.wakeAt]).toEqual([keeper === 'database', delayMs]);
  expect(draft.outgoing(0).map((sent) => sent.delayMs)).toEqual(keeper === 'database' ? [] : [delayMs]);
});
