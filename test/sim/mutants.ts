import { BESIDE_MUTANTS } from './beside-mutants.js';
import { CONTROL_MUTANTS } from './control-mutants.js';
import { HAND_MUTANTS } from './hand-mutants.js';
import { LIST_MUTANTS } from './list-mutants.js';
import { edit, type Mutant } from './mutant.js';
import { PEOPLE_MUTANTS } from './people-mutants.js';
import { ROUTING_MUTANTS } from './routing-mutants.js';
import { UNDO_MUTANTS } from './undo-mutants.js';
import { WIDE_MUTANTS } from './wide-mutants/all.js';

const TAKE = 'engine/intake/take-delivery.js';
const COMMITTER = 'engine/commit/committer.js';
const GUARD = 'core/flow/guard.js';

const noSweep = edit('engine/repair/sweep.js', 'await this.lane(queue, now, wakeAt, quiet);', ';');
const noRepublish = edit('engine/repair/republish.js', 'const rows = again ?', 'return; const rows = again ?');
const noActiveGuard = edit(
  GUARD,
  "if (!isActive(row.status))\n        return finished(row);\n    if (event.type === 'timer.fired'",
  "if (row === undefined)\n        return finished(row);\n    if (event.type === 'timer.fired'",
);
const noOpenGuard = edit(GUARD, 'if (!statusesFor(event).includes(row.status))', 'if (row === undefined)');
const noAttemptGuard = edit(GUARD, 'if (attempt !== row.attempt)', 'if (row === undefined)');

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'acknowledged-before-work',
    why: 'A crash in the handler loses the step.',
    edits: [edit(TAKE, 'await this.take(delivery);', 'delivery.ack(); await this.take(delivery);'), noSweep],
  },
  {
    name: 'no-completion-guard',
    why: 'A message that comes twice completes its node twice.',
    edits: [noActiveGuard, noOpenGuard],
  },
  {
    name: 'no-guard-and-new-visits',
    why: 'A message that comes twice makes its successors twice, each a visit of its own.',
    edits: [
      noActiveGuard,
      noOpenGuard,
      edit('core/flow/walk/draft.js', 'if (!this.graph.repeatable.has(node))', 'if (node === undefined)'),
    ],
  },
  {
    name: 'join-counts-without-guard',
    why: 'A join that counts arrivals and not edges fires too early when one of them comes twice.',
    edits: [
      noActiveGuard,
      noOpenGuard,
      edit(
        'core/flow/walk/join.js',
        'if (fresh.length < (seen ? 1 : wanted))',
        'if (fresh.reduce((sum, one) => sum + draft.arrivals[one.index], 0) < (seen ? 1 : wanted))',
      ),
    ],
  },
  {
    name: 'no-outbox',
    why: 'A crash between commit and publish loses the successors.',
    edits: [noRepublish, noSweep],
  },
  {
    name: 'settled-before-publish',
    why: 'The delivery is acknowledged before the broker has its successors.',
    edits: [
      edit(
        COMMITTER,
        'const { outbox, checkpoint } = this.parts;',
        'settle(); const { outbox, checkpoint } = this.parts;',
      ),
      noSweep,
    ],
  },
  { name: 'no-sweep', why: 'What a purged queue held is lost.', edits: [noSweep] },
  {
    name: 'attempt-in-the-key',
    why: 'A partner who honours keys does it once per attempt.',
    edits: [
      edit(
        'engine/intake/run-attempt.js',
        'idempotencyKey = nodeInstanceId(instance, node, visit)',
        'idempotencyKey = `${nodeInstanceId(instance, node, visit)}.${attempt}`',
      ),
    ],
  },
  {
    name: 'no-receipt',
    why: 'A client that repeats its start gets a second instance.',
    edits: [edit('engine/start/start-instance.js', 'receipt: command.receipt ?? null', 'receipt: null')],
  },
  {
    name: 'no-business-key',
    why: 'Two starts of one order both run.',
    edits: [edit('engine/start/start-batches.js', '                key,\n', '                key: null,\n')],
  },
  {
    name: 'no-attempt-guard',
    why: 'Word of an attempt that is over is taken for word of the next.',
    edits: [noAttemptGuard],
  },
  {
    name: 'sweep-without-evidence',
    why: 'A backlog is taken for a loss and doubled.',
    edits: [
      edit('engine/repair/sweep.js', 'settled(lane, now, depth === 0 ? now : null, sweepGraceMs)', 'of(lane, now)'),
    ],
  },
  {
    name: 'sweep-raises-dispatch',
    why: 'What the sweep sends is stale before it arrives.',
    edits: [
      edit(
        'engine/repair/sweep.js',
        'republish.due(missing)',
        'republish.due(missing.map((one) => ({ ...one, node: { ...one.node, dispatch: one.node.dispatch + 1 } })))',
      ),
    ],
  },
  {
    name: 'nothing-is-held',
    why: 'What an engine works on for long is swept by another one.',
    edits: [edit('engine/intake/in-hand.js', 'if (held.length > 0)', 'if (held === null)')],
  },
  {
    name: 'doubt-forgotten',
    why: 'After a commit whose answer was lost, the successors wait for the sweep.',
    edits: [edit(COMMITTER, 'doubtful: this.doubtful.has(pending)', 'doubtful: false')],
  },
  {
    name: 'redelivery-not-asked',
    why: 'After a crash between commit and publish, the successors wait for the sweep.',
    edits: [edit(TAKE, 'if (delivery.redelivered || doubtful)', 'if (doubtful)')],
  },
  {
    name: 'own-attempt-not-republished',
    why: 'After a crash between commit and publish, a retry waits for the sweep.',
    edits: [edit('engine/repair/republish.js', 'const rows = again ?', 'const rows = again === null ?')],
  },
  {
    name: 'start-acknowledged-before-publish',
    why: 'A crash after a start is stored leaves its first step to the sweep.',
    edits: [edit('engine/start/accept-start.js', 'await sent;', 'delivery.ack(); await sent;')],
  },
  {
    name: 'copy-runs-beside',
    why: 'After a reconnect the broker repeats what is in hand, and it runs twice at once.',
    edits: [edit('engine/intake/in-hand.js', 'if (held && held', 'if (held === null && held')],
  },
  {
    name: 'copy-not-acknowledged',
    why: 'The copies of a message in hand stay on the broker for ever.',
    edits: [edit('engine/intake/in-hand.js', 'held.copies.push(delivery);', '')],
  },
  {
    name: 'half-a-batch',
    why: 'One result that no store takes makes its neighbours vanish.',
    edits: [edit(COMMITTER, 'await this.commit(batch.slice(middle));', '')],
  },
  {
    name: 'skipped-is-dropped',
    why: 'An event whose instance is locked by others is forgotten.',
    edits: [edit(COMMITTER, 'this.park(pending, Math.min(LONGEST_PARK_MS, 2 ** misses));', ';')],
  },
  {
    name: 'away-is-done',
    why: 'A database that was away for a moment has taken nothing, and the delivery is acknowledged.',
    edits: [
      edit(
        COMMITTER,
        'this.queue = [...batch, ...this.queue];',
        "for (const pending of batch) pending.settle({ type: 'applied' });",
      ),
    ],
  },
  {
    name: 'cut-is-acknowledged',
    why: 'An attempt that a stop has cut is lost.',
    edits: [
      edit(
        TAKE,
        'if (!event)\n            return delivery.release();',
        'if (!event)\n            return delivery.ack();',
      ),
    ],
  },
  {
    name: 'incident-not-counted',
    why: 'An instance ends while a person still has an incident to repair.',
    edits: [
      edit(
        'core/flow/walk/draft.js',
        'const is = isActive(row.status);',
        "const is = isActive(row.status) && row.status !== 'incident';",
      ),
    ],
  },
  {
    name: 'output-not-stored',
    why: 'The next task reads nothing.',
    edits: [edit('engine/commit/draft.js', 'this.outputs.push(...transition.outputs);', '')],
  },
  {
    name: 'join-of-all-but-one',
    why: 'A join goes on while a branch is still at work.',
    edits: [
      edit(
        'core/flow/walk/join.js',
        "node.join?.type === 'count' ? Math.min(node.join.count, edges) : edges",
        "node.join?.type === 'count' ? Math.min(node.join.count, edges) : edges - 1",
      ),
    ],
  },
  {
    name: 'one-retry-less',
    why: 'A person is called although the policy has a try left.',
    edits: [edit('core/flow/tries/recover.js', 'tries <= policy.max', 'tries < policy.max')],
  },
  {
    name: 'database-timer-forgotten',
    why: "A delay that is not the broker's never ends.",
    edits: [
      edit(
        'engine/repair/fire-due.js',
        'await this.parts.store.claimDue(PAGE, (stored, now) => routeAnew(this.parts, stored, now))',
        '[]',
      ),
    ],
  },
  {
    name: 'dispatch-number-ignored',
    why: 'A poll that comes twice asks twice from then on.',
    edits: [edit(GUARD, 'dispatch !== undefined &&', 'row === undefined &&')],
  },
  {
    name: 'attempts-share-a-key',
    why: 'The failure after a poll overwrites the poll in the record.',
    edits: [edit('engine/commit/draft.js', 'poll: polls,', 'poll: Math.max(0, polls - 1),')],
  },
  ...ROUTING_MUTANTS,
  ...BESIDE_MUTANTS,
  ...HAND_MUTANTS,
  ...LIST_MUTANTS,
  ...CONTROL_MUTANTS,
  ...PEOPLE_MUTANTS,
  ...UNDO_MUTANTS,
  ...WIDE_MUTANTS,
];
