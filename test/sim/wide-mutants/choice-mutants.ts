import { edit, type Mutant } from '../mutant.js';

const SPLIT = 'core/definition/work/split.js';
const TIMER = 'core/flow/walk/kinds/timer.js';
const MERGE = 'core/flow/walk/kinds/assign.js';
const SHARED = 'worker/cache/shared-answers.js';
const ORDERS = 'engine/intake/work/order/cache-order.js';
const BATCH = 'worker/batch/gather.js';

/** Faults in experiments, in what branches write, in what waits for a time, and in what asks less often than it is told. */
export const CHOICE_MUTANTS: readonly Mutant[] = [
  {
    name: 'arm-goes-by-its-place',
    why: 'Whoever sorts the arms of an experiment gives everybody another one.',
    focus: ['arms'],
    edits: [edit(SPLIT, 'share(`${name}:', 'share(`${arms.findIndex((one) => one.name === name)}:')],
  },
  {
    name: 'arm-without-weight',
    why: 'An arm that was closed is still given.',
    focus: ['arms'],
    edits: [edit(SPLIT, 'const score = weight /', 'const score = 1 /')],
  },
  {
    name: 'nobody-is-held-out',
    why: 'There is nobody to compare with.',
    focus: ['arms'],
    edits: [edit(SPLIT, 'return null;\n    let best', ';\n    let best')],
  },
  {
    name: 'forced-is-drawn',
    why: 'A tester does not see what is to be tested.',
    focus: ['arms'],
    edits: [edit(SPLIT, 'if (forced !== undefined)', 'if (forced === null)')],
  },
  {
    name: 'branches-write-the-same',
    why: 'What one branch writes another one reads, and what came last stays.',
    focus: ['merging'],
    edits: [edit('language/edges/isolate.js', 'return slot === undefined ? [name', 'return slot !== null ? [name')],
  },
  {
    name: 'branches-begin-with-nothing',
    why: 'A branch does not see what was there before.',
    focus: ['merging'],
    edits: [edit('core/definition/control/merge.js', 'const seen = varsShown(vars);', 'const seen = {};')],
  },
  {
    name: 'written-is-kept',
    why: 'What a branch wrote in one round of a loop counts in the next.',
    focus: ['merging'],
    edits: [edit(MERGE, 'write(draft, slot, null);', ';')],
  },
  {
    name: 'merge-leaves-one-out',
    why: 'A sum lacks what the last branch has added.',
    focus: ['merging'],
    edits: [
      edit(
        MERGE,
        'mergeValues(rule, values, scope)',
        'mergeValues(rule, values.slice(0, Math.max(1, values.length - 1)), scope)',
      ),
    ],
  },
  {
    name: 'date-is-now',
    why: 'What is to be done on a day is done at once.',
    focus: ['dates'],
    edits: [edit(TIMER, 'Math.max(0, moment - at)', '0')],
  },
  {
    name: 'cron-is-one-late',
    why: 'What comes every morning is missed on the first.',
    focus: ['dates'],
    edits: [edit(TIMER, 'return next - draft.at;', 'return timer.cron.next(next) - draft.at;')],
  },
  {
    name: 'milliseconds-are-seconds',
    why: 'Who says a second waits for a quarter of an hour.',
    focus: ['dates', 'delay'],
    edits: [edit(TIMER, 'Math.round(value)', 'Math.round(value) * 1_000')],
  },
  {
    name: 'delay-is-not-asked',
    why: 'What need not wait waits.',
    focus: ['delay'],
    edits: [edit(TIMER, 'if (!holds)', 'if (holds === null)')],
  },
  {
    name: 'delay-without-end',
    why: 'What may wait for a minute waits for as long as somebody says.',
    focus: ['delay'],
    edits: [edit(TIMER, 'Math.min(delayMs, maxMs)', 'delayMs')],
  },
  {
    name: 'delay-is-skipped',
    why: 'What is to wait begins at once.',
    focus: ['delay'],
    edits: [edit('core/flow/walk/enter.js', 'const delayMs = task.delay ?', 'const delayMs = task.delay === null ?')],
  },
  {
    name: 'cache-for-ever',
    why: 'An answer of last year is given today.',
    focus: ['cache'],
    edits: [edit(SHARED, 'this.kept.set(key, given, { ttl: ttlMs });', 'this.kept.set(key, given);')],
  },
  {
    name: 'cache-for-anybody',
    why: 'One customer is told the score of another.',
    focus: ['cache'],
    edits: [edit(ORDERS, '\\n${sorted(value)}${named(secrets)}`, ttlMs', '`, ttlMs')],
  },
  {
    name: 'equal-calls-fly-together',
    why: 'A thousand equal questions at once are a thousand calls.',
    focus: ['cache'],
    edits: [
      edit(SHARED, 'const flight = known ? null : this.flights.get(key);', 'const flight = known ? null : undefined;'),
    ],
  },
  {
    name: 'a-failure-is-kept',
    why: 'Who asks after a failure is told nothing until that is old.',
    focus: ['cache'],
    edits: [
      edit(SHARED, 'answerOf(value), () => null);', "answerOf(value), () => ({ type: 'completed', output: {} }));"),
    ],
  },
  {
    name: 'batch-of-any-size',
    why: 'A partner who takes fifty at a time is sent a thousand.',
    focus: ['batch'],
    edits: [
      edit(BATCH, 'maxBatchSize: order.max,', ''),
      edit(BATCH, 'if (++this.waiting >= this.order.max)', 'if (this.waiting === null)'),
    ],
  },
  {
    name: 'batch-answers-are-mixed-up',
    why: 'One customer is told what another one was to be told.',
    focus: ['batch'],
    edits: [edit(BATCH, '[call, answers[at]]', '[call, answers[answers.length - 1 - at]]')],
  },
  {
    name: 'batch-waits-to-be-full',
    why: 'What comes alone waits for ever.',
    focus: ['batch'],
    edits: [edit(BATCH, 'clock.schedule(order.withinMs, () => this.go())', 'clock.schedule(order.withinMs, () => {})')],
  },
  {
    name: 'gives-up-at-once',
    why: 'What is given instead is given while the partner is well.',
    focus: ['fallback'],
    edits: [
      edit(
        'engine/intake/run-attempt.js',
        "if ('degraded' in pass)",
        "if (task.fallback && !('degraded' in pass))\n            return degrade(about, task, scope, { reason: 'degraded', receipt: { subject, code: 'x', rules: null, trace: [], degraded: true } });\n        if ('degraded' in pass)",
      ),
    ],
  },
  {
    name: 'waits-with-its-fallback',
    why: 'What could go on with something else waits until its partner is well.',
    focus: ['fallback', 'frail', 'outage'],
    edits: [edit('engine/intake/run-attempt.js', '...(task.fallback && { degrades: true }),', '')],
  },
  {
    name: 'fallback-is-empty',
    why: 'What is given instead is nothing.',
    focus: ['fallback', 'frail', 'outage'],
    edits: [edit('engine/intake/work/degrade.js', 'output[name] = expression.value(scope);', 'output[name] = null;')],
  },
];
