import { edit, type Mutant } from './mutant.js';

const ATTEMPT = 'core/flow/attempt.js';
const CIRCUIT = 'core/routing/health/circuit.js';
const HEALTH = 'engine/health/health.js';
const DRAFT = 'engine/commit/draft.js';

const FAULTY: readonly Mutant[] = [
  {
    name: 'deferral-keeps-its-number',
    why: 'The message that was kept back and the one that takes its place are both current, and multiply.',
    edits: [
      edit(
        DRAFT,
        'sent.dispatch = row.dispatch + 1',
        "sent.dispatch = row.dispatch + Number(effect.cause !== 'deferred')",
      ),
    ],
  },
  {
    name: 'deferral-costs-an-attempt',
    why: 'A partner that is away for an hour uses up the attempts of all that wait for it.',
    edits: [
      edit(
        ATTEMPT,
        "draft.put(row);\n    dispatch(draft, row, task, row.attempt, 'deferred', 0);",
        "draft.put({ ...row, attempt: row.attempt + 1 });\n    dispatch(draft, row, task, row.attempt + 1, 'deferred', 0);",
      ),
    ],
  },
  {
    name: 'deferral-is-not-sent',
    why: 'What a circuit kept back waits for the sweep.',
    edits: [
      edit(
        DRAFT,
        'const message = messageOf(this.instance, row, this.dispatches[place]);',
        "const message = this.dispatches[place].cause === 'deferred' ? null : messageOf(this.instance, row, this.dispatches[place]);",
      ),
    ],
  },
  {
    name: 'deferral-acknowledged-before-commit',
    why: 'A crash loses what a circuit has kept back.',
    focus: ['frail', 'unswept', 'crash'],
    edits: [
      edit(
        'engine/intake/take-delivery.js',
        'return delivery.release();\n        await this.offer(delivery, event);',
        "return delivery.release();\n        if (event.type === 'task.deferred') delivery.ack();\n        await this.offer(delivery, event);",
      ),
    ],
  },
  {
    name: 'deferral-does-not-wait',
    why: 'What a circuit keeps back goes in a circle between engine and broker.',
    edits: [edit('core/routing/stages.js', 'delayMs: gate.waitMs,', 'delayMs: 0,')],
  },
  {
    name: 'nobody-is-turned-away',
    why: 'A backlog that is older than the open circuit runs all the same.',
    edits: [edit('engine/health/router.js', "if (decided.action !== 'publish')", 'if (decided.action === undefined)')],
  },
  {
    name: 'probes-are-not-counted',
    why: 'A partner that may be well again gets everything that waited for it at once.',
    edits: [edit(HEALTH, 'this.turn(name, one, takeProbe(one.circuit, now), now);', ';')],
  },
  {
    name: 'probe-never-given-back',
    why: 'Probes that told nothing are gone, and the circuit stays half-open for ever.',
    edits: [edit(HEALTH, 'one.circuit = returnProbe(one.circuit);', ';')],
  },
  {
    name: 'lost-probes-stay-lost',
    why: 'An engine that dies with the last probe leaves the circuit half-open for all, for ever.',
    edits: [
      edit(
        'engine/health/sharing/maintain-health.js',
        'if (now - this.restoredAt < probesLostMs)',
        'if (now !== null)',
      ),
    ],
  },
  {
    name: 'opening-without-end',
    why: 'A circuit that has opened never tries again.',
    edits: [edit(CIRCUIT, "circuit.state === 'open' && now >= circuit.until", "circuit.state === 'open' && now === 0")],
  },
  {
    name: 'ramp-never-begins',
    why: 'Probes that succeed change nothing.',
    edits: [edit(CIRCUIT, 'if (ok < needed)', 'if (ok < Number.POSITIVE_INFINITY)')],
  },
  {
    name: 'missed-words-stay-missed',
    why: 'An engine that did not hear that a circuit opened never learns of it.',
    edits: [
      edit('engine/health/sharing/share-health.js', 'await this.poll();', ';'),
      edit(
        'engine/health/sharing/share-health.js',
        'const poll = () => void this.poll()',
        'const poll = () => void Promise.resolve()',
      ),
      edit('engine/health/sharing/share-health.js', 'change.from > this.version', 'change === null'),
    ],
  },
];

/** Faults on the way of a message that a circuit keeps back: partners must be down for long. */
export const ROUTING_MUTANTS: readonly Mutant[] = FAULTY.map((one) => ({ focus: ['frail'], ...one }));
