import type { World } from '../world/world.js';
import { everyAttemptIsDue, everyAttemptIsKept, everyIncidentIsExplained } from './check-attempts.js';
import { everyEffectHasItsNode, everyEffectIsSingle, nothingIsDoneInVain } from './check-books.js';
import { everyCallIsAnswered, everyWaitIsFound } from './check-calls.js';
import { everyListIsCounted } from './check-each.js';
import {
  everyJoinHadEnough,
  everyOneIsOver,
  everyStartHasOne,
  everyValueIsTold,
  everyVisitIsTold,
  type Seen,
  see,
} from './check-instances.js';
import { everyParticipantIsSettled } from './check-participants.js';
import { everyEngineKnowsTheSame } from './check-partners.js';
import { everyPartIsAsked } from './check-parts.js';
import { everyPersonIsHeard } from './check-people.js';
import { everyPlayIsKept } from './check-plays.js';
import { everyCountIsExact, nothingElseIsRefused, nothingIsLost, nothingIsOrphaned } from './check-rest.js';
import { everyUndoKnowsItsCall } from './check-undone-calls.js';
import { everyArmIsKept, everyFallbackHasAReason } from './check-wide.js';
import { everyAddedItemIsThere } from './lists/check-added.js';

type Check = (world: World, seen: readonly Seen[]) => readonly string[] | Promise<readonly string[]>;

/** What must hold when all is quiet, each by one function. I3, I6, I12, I14, I21, I22 and I23 are asked at every commit, by the history. */
const INVARIANTS: readonly (readonly [string, Check])[] = [
  ['I1', everyStartHasOne],
  ['I2', everyOneIsOver],
  ['I2', everyIncidentIsExplained],
  ['I4', everyEffectIsSingle],
  ['I5', everyEffectHasItsNode],
  ['I6', everyCountIsExact],
  ['I7', everyVisitIsTold],
  ['I8', everyJoinHadEnough],
  ['I9', everyValueIsTold],
  ['I10', nothingIsLost],
  ['I11', nothingIsOrphaned],
  ['I12', everyAttemptIsDue],
  ['I13', nothingElseIsRefused],
  ['I14', everyAttemptIsKept],
  ['I15', nothingIsDoneInVain],
  ['I20', everyEngineKnowsTheSame],
  ['I21', everyWaitIsFound],
  ['I23', everyCallIsAnswered],
  ['I25', everyListIsCounted],
  ['I28', everyPersonIsHeard],
  ['I29', everyUndoKnowsItsCall],
  ['I30', everyPartIsAsked],
  ['I31', everyArmIsKept],
  ['I32', everyFallbackHasAReason],
  ['I40', everyParticipantIsSettled],
  ['I42', everyPlayIsKept],
  ['I43', everyAddedItemIsThere],
];

/** Everything that does not hold, each with the invariant's name. */
export async function violationsOf(world: World): Promise<string[]> {
  const seen = await see(world);
  const found = [...world.history.violations];
  for (const [name, check] of INVARIANTS) for (const what of await check(world, seen)) found.push(`${name}: ${what}`);
  return found;
}
