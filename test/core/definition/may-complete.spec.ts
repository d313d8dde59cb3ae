import { expect, it } from 'vitest';
import { mayComplete } from '../../../src/core/definition/control/may-complete.js';

it.each([
  // assignee, name, roles, groups, may
  ['desk', 'ann', ['operator'], ['desk'], true],
  ['desk', 'desk', ['viewer'], [], true],
  ['desk', 'ann', ['viewer'], ['desk'], true],
  ['desk', 'ann', ['operator', 'deployer'], ['Desk', 'desk '], false],
  ['desk', 'ann', ['operator'], [], false],
  ['desk', 'ann', ['admin'], [], true],
  [null, 'ann', ['operator'], [], true],
  [null, 'ann', ['viewer'], ['desk'], false],
  [null, 'ann', ['deployer'], [], false],
  [null, 'ann', ['admin'], [], true],
] as const)('what is for %s may be completed by %s, %j of %j: %s', (assignee, name, roles, groups, may) => {
  expect(mayComplete(assignee, { name, roles, groups })).toBe(may);
});
