import { edit, type Mutant } from './mutant.js';

const GUARD = 'core/flow/guard.js';
const LEASE = 'core/flow/tries/lease.js';
const EXPIRE = 'engine/repair/expire-leases.js';

/** Faults in what engines have in hand, and in what is done without a delivery: under a lease, or by workers outside. */
export const HAND_MUTANTS: readonly Mutant[] = [
  {
    name: 'lease-ends-early',
    why: 'A handler that is well at work is taken for dead, and a second one begins beside it.',
    focus: ['lease'],
    edits: [
      edit(EXPIRE, 'if (first === undefined || first > databaseClock.now())', 'if (first === undefined)'),
      edit(EXPIRE, 'store.claimLost(LEASED, now, PAGE)', 'store.claimLost(LEASED, Number.MAX_SAFE_INTEGER, PAGE)'),
    ],
  },
  {
    name: 'lease-is-not-renewed',
    why: 'A handler that takes longer than one lease is taken for dead.',
    focus: ['lease', 'calm'],
    edits: [
      edit('engine/intake/leases.js', 'cancel = clock.schedule(', 'if (cancel === null) cancel = clock.schedule('),
    ],
  },
  {
    name: 'lease-of-the-dead-stays',
    why: 'What a dead process had leased is never begun anew.',
    focus: ['lease', 'crash'],
    edits: [edit(EXPIRE, 'await Promise.all(ended.map((stored) => this.expire(stored)));', ';')],
  },
  {
    name: 'lease-keeps-its-attempt',
    why: 'What a holder says after the end of its lease is taken for word of the next.',
    focus: ['lease', 'crash', 'jump'],
    edits: [
      edit(LEASE, 'draft.put({ ...row, attempt: attempt + 1, error });', 'draft.put({ ...row, error });'),
      edit(LEASE, 'dispatchOnce(draft, row, task, attempt + 1);', 'dispatchOnce(draft, row, task, attempt);'),
    ],
  },
  {
    name: 'lease-fence-ignored',
    why: 'Who gave a lease back, and was not heard at first, gives back the lease of whoever has it now.',
    focus: ['lease', 'stop', 'lost'],
    isKept: true,
    edits: [edit(LEASE, 'if (event.dispatch !== row.dispatch)', 'if (event.dispatch === undefined)')],
  },
  {
    name: 'late-reply-accepted',
    why: 'What a worker says of an attempt whose time is over is taken for word of the next.',
    focus: ['worker', 'jump', 'duplicate'],
    edits: [
      edit(
        GUARD,
        'if (attempt !== row.attempt)',
        'if (attempt !== row.attempt && definition.nodes.get(event.node).remote !== true)',
      ),
    ],
  },
  {
    name: 'reply-counts-twice',
    why: 'A worker whose answer "ask again" comes twice is asked twice from then on.',
    focus: ['worker', 'duplicate'],
    edits: [edit(GUARD, 'event.polls !== undefined &&', 'row === undefined &&')],
  },
  {
    name: 'overdue-at-once',
    why: 'A message that comes twice takes the worker for silent.',
    focus: ['worker', 'duplicate'],
    edits: [
      edit('engine/remote/hand-over.js', 'if (facts.node.queue === DATABASE_TIMER)', 'if (facts.node.queue === null)'),
    ],
  },
  {
    name: 'worker-is-waited-for-for-ever',
    why: 'A worker that dies over its task is never missed.',
    focus: ['worker', 'died', 'purge'],
    edits: [
      edit(
        'core/flow/tries/remote.js',
        "status: 'waiting', queue: DATABASE_TIMER, wakeAt: draft.at + task.timeoutMs",
        "status: 'waiting', queue: null, wakeAt: null",
      ),
    ],
  },
  {
    name: 'dispatches-share-a-hand',
    focus: ['frail', 'duplicate', 'disconnect'],
    why: 'An old dispatch that comes again takes the place of the current one in hand.',
    edits: [
      edit(
        'engine/intake/in-hand.js',
        'return this.message.dispatch === dispatch && this.message.attempt === attempt;',
        'return dispatch === dispatch;',
      ),
    ],
  },
  {
    name: 'evidence-without-age',
    focus: ['calm'],
    why: 'The tail of a long backlog is taken for lost while others hold it.',
    edits: [edit('engine/repair/sweep.js', 'depth === 0 ? now : null, sweepGraceMs)', 'depth === 0 ? now : null, 0)')],
  },
];
