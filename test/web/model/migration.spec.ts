import { expect, it } from 'vitest';
import type { MigratedOne } from '../../../web/src/api/wire.js';
import { cameOf, deedOf } from '../../../web/src/model/access/deeds.js';
import { isAllowed } from '../../../web/src/model/access/roles.js';
import { NO_REPORT, withPage } from '../../../web/src/model/migration.js';

const one = (
  instance: string,
  outcome: MigratedOne['outcome'],
  ...places: readonly (readonly [string, string | null])[]
): MigratedOne => ({
  instance,
  key: `key-${instance}`,
  from: 1,
  outcome,
  nodes: [],
  obstacles: places.map(([code, node]) => ({ node, visit: 1, code, message: `${code} of ${instance}` })),
});

it('a report sums pages up: each obstacle with how many it holds up, the most frequent first, and the first few by name', () => {
  const first = withPage(NO_REPORT, [
    one('a', 'moves'),
    one('b', 'stays', ['OTHER_KIND', 'x']),
    one('c', 'stays', ['NODE_GONE', 'y'], ['NODE_GONE', 'y'], ['INPUT_DOES_NOT_FIT', null]),
  ]);
  const report = withPage(first, [
    ...['d', 'e', 'f'].map((id) => one(id, 'stays', ['NODE_GONE', 'y'])),
    one('g', 'busy'),
    one('h', 'moved'),
  ]);
  expect(report).toMatchObject({ looked: 8, moves: 2, stays: 5, busy: 1 });
  expect(report.obstacles.map(({ code, node, count }) => [code, node, count])).toEqual([
    ['NODE_GONE', 'y', 4],
    ['OTHER_KIND', 'x', 1],
    ['INPUT_DOES_NOT_FIT', null, 1],
  ]);
  expect(report.obstacles[0]).toMatchObject({
    message: 'NODE_GONE of c',
    some: [{ instance: 'c', key: 'key-c' }, { instance: 'd' }, { instance: 'e' }],
  });
});

it.each([
  ['activateVersion', 200, { version: 2 }, 'let starts get v2', null],
  ['migrateInstances', 200, { to: 3, from: null, moved: 7, stayed: 2 }, 'moved instances to v3', '7 moved, 2 stayed'],
  ['migrateInstances', 200, { to: 3, from: 1, moved: 7, stayed: 0 }, 'moved instances to v3', '7 moved, of v1 alone'],
  ['changePlay', 200, { play: 'novice', revision: 3 }, 'changed the play novice', null],
  ['removeOverride', 200, { code: 'pin' }, 'ended the override pin', null],
  ['cancelInstance', 403, { refused: 'FORBIDDEN' }, 'cancelled', 'refused: FORBIDDEN'],
  ['cancelInstance', 503, {}, 'cancelled', 'refused: 503'],
  ['somethingNew', 200, {}, 'somethingNew', null],
])('%s, answered %i with %j, reads: %s', (action, status, detail, deed, came) => {
  expect([deedOf({ action, detail }), cameOf({ status, detail })]).toEqual([deed, came]);
});

it('buttons are for whom the server would not refuse', () => {
  expect(isAllowed(undefined, 'deployer')).toBe(false);
  expect(isAllowed({ roles: ['operator'] }, 'deployer')).toBe(false);
  expect(isAllowed({ roles: ['operator', 'deployer'] }, 'deployer')).toBe(true);
  expect(isAllowed({ roles: ['admin'] }, 'operator')).toBe(true);
});
