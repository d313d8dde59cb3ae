// All invariants of docs/durability.md, in order, over the facts of a run.
import * as run from './run.mjs';
import * as state from './state.mjs';
import * as work from './work.mjs';

const CHECKS = { ...state, ...work, ...run };
/** Most violations of one invariant that a report lists. */
const LISTED = 20;

export const INVARIANTS = Array.from({ length: 18 }, (_, at) => `I${at + 1}`);

/** `[{ id, violations, first }]` */
export const judge = (facts) =>
  INVARIANTS.map((id) => {
    const broken = CHECKS[id](facts);
    return { id, violations: broken.length, first: broken.slice(0, LISTED) };
  });
