import { expect, it } from 'vitest';
import { CLAIM_LIMIT, claim } from '../../../src/core/flow/tries/claim.js';
import type { JsonObject } from '../../../src/core/json.js';

type Claim = Parameters<typeof claim>;

/** What is on account of a row after deliveries of these numbers; `held` once it became an incident. */
function after(...deliveries: readonly number[]): unknown {
  let kept: JsonObject = {};
  let held = false;
  const draft = {
    kept: () => kept,
    keep: (_: unknown, value: JsonObject) => {
      kept = value;
    },
    // Whatever is raised tells its effects first.
    effects: {
      push: () => {
        held = true;
        throw new Error('held');
      },
    },
  } as unknown as Claim[0];
  const row = { node: 'a', visit: 1 } as Claim[1];
  for (const delivery of deliveries) {
    try {
      claim(draft, row, { type: 'task.claimed', at: 0, node: 'a', visit: 1, attempt: 1, delivery });
    } catch {
      break;
    }
  }
  return held ? 'held' : kept['claims'];
}

it('counts four runs on account, two of them alone, and then holds the task', () => {
  expect([after(3), after(3, 4), after(3, 4, 5), after(3, 4, 5, 6)]).toEqual([1, 2, 3, CLAIM_LIMIT]);
  expect(after(3, 4, 5, 6, 7)).toBe('held');
});

it('holds nothing for runs in a crowd alone, however many copies of its message are counted', () => {
  expect(after(3, 4, 3, 4, 3, 4, 3, 4)).toBe(2);
  expect(after(3, 4, 5, 3, 4)).toBe(3);
  expect(after(3, 4, 5, 3, 4, 6, 3, 7)).toBe('held');
});

it('counts the same delivery once', () => {
  expect(after(3, 3, 3)).toBe(1);
});
