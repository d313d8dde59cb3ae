import { edit, type Mutant } from './mutant.js';

const BEYOND = 'engine/commit/beyond.js';
const CORRELATE = 'engine/commit/messages/correlate.js';
const SIGNALS = 'engine/start/calls/deliver-signals.js';
const FIRE = 'engine/start/triggers/fire-triggers.js';
const SEND = 'engine/commit/messages/send-message.js';
const PAUSE = 'core/flow/pause.js';

/** Faults in what passes between instances, and between them and the outside; and in what a pause holds. */
export const BESIDE_MUTANTS: readonly Mutant[] = [
  {
    name: 'caller-is-not-told',
    why: 'Whoever called waits for ever for what is over.',
    focus: ['calls'],
    edits: [edit(BEYOND, 'if (!caller?.waits)', 'if (caller !== null)')],
  },
  {
    name: 'signal-heard-before-it-is-told',
    why: 'A crash between the two, and the caller never hears of the end.',
    focus: ['calls', 'crash'],
    edits: [
      edit(
        SIGNALS,
        'await Promise.all(signals.map((signal) => this.one(signal)));',
        'await this.parts.messages.heard(signals.map(({ id }) => id)); await Promise.all(signals.map((signal) => this.one(signal)));',
      ),
    ],
  },
  {
    name: 'signals-of-the-dead-are-lost',
    why: 'Word that a process had written and not delivered when it died stays where it is.',
    focus: ['calls', 'crash'],
    edits: [edit(SIGNALS, 'await this.parts.messages.signals(PAGE, LEASE_MS);', '[];')],
  },
  {
    name: 'abandoned-goes-on',
    why: 'What a cancelled flow has called works on for nobody.',
    focus: ['calls', 'cancel'],
    edits: [edit('core/flow/walk/race.js', "call.kind === 'call' && waited", "call.kind === 'none' && waited")],
  },
  {
    name: 'abandoned-starts-later',
    why: 'A call that is given up before its start arrives is started all the same.',
    focus: ['calls', 'cancel', 'slow'],
    edits: [edit(SIGNALS, 'receipt: receiptOf(caller),', 'receipt: null,')],
  },
  {
    name: 'called-once-per-delivery',
    why: 'A message that comes twice calls twice.',
    focus: ['calls', 'duplicate', 'crash'],
    edits: [
      edit(
        'engine/start/calls/run-call.js',
        'receipt: receiptOf(caller), caller',
        'receipt: `${receiptOf(caller)}.${this.clock.now()}`, caller',
      ),
    ],
  },
  {
    name: 'early-message-dropped',
    why: 'A message that comes before who waits for it is never found.',
    focus: ['talk'],
    edits: [edit(CORRELATE, 'await this.parts.messages.messagesFor(waits);', '[];')],
  },
  {
    name: 'left-by-the-dead',
    why: 'A process that dies between keeping a message, or a wait, and looking for the other has lost it.',
    focus: ['talk', 'crash'],
    edits: [
      edit(CORRELATE, 'if (page.messages.length > 0)', 'if (page.messages.length < 0)'),
      edit(CORRELATE, 'if (page.waits.length > 0)', 'if (page.waits.length < 0)'),
    ],
  },
  {
    name: 'match-ignored',
    why: 'The payment of one order moves another.',
    focus: ['talk', 'stray'],
    edits: [
      edit('engine/commit/messages/matching.js', 'values[member] === value);', 'values[member] !== null || value);'),
    ],
  },
  {
    name: 'message-not-used-up',
    why: 'One payment moves two orders.',
    focus: ['talk'],
    edits: [edit(BEYOND, 'this.taken.push(effect.message);', ';')],
  },
  {
    name: 'claim-of-the-dead-stays',
    why: 'A message that a dead process had set aside reaches nobody.',
    focus: ['talk', 'crash'],
    edits: [edit(CORRELATE, 'await messages.claimedFor(CLAIM_MS, PAGE)', '[]')],
  },
  {
    name: 'wait-is-not-found',
    why: 'Who waits is not written where messages look.',
    focus: ['talk'],
    edits: [edit(BEYOND, 'this.opened.set(`${node}.${visit}`, wait);', ';')],
  },
  {
    name: 'wait-is-found-for-ever',
    why: 'Messages go on finding who does not wait any more.',
    focus: ['talk', 'cancel'],
    edits: [edit(BEYOND, 'this.closed.set(`${node}.${visit}`, { instance: id, node, visit });', ';')],
  },
  {
    name: 'losers-wait-on',
    why: 'The first that came cancels nobody, and the flow goes on twice.',
    focus: ['talk'],
    edits: [edit('core/flow/walk/race.js', 'if (race === undefined)', 'if (race !== null)')],
  },
  {
    name: 'wait-never-runs-out',
    why: 'A wait with a time limit waits for ever.',
    focus: ['talk'],
    edits: [edit('core/flow/walk/kinds/wait.js', 'if (timeoutMs !== null)', 'if (timeoutMs === 0)')],
  },
  {
    name: 'event-starts-again',
    why: 'An event that comes twice starts its flow twice.',
    focus: ['events', 'repeat', 'jump'],
    edits: [edit(FIRE, '`trigger:${code}:${identity}${one', '`trigger:${code}:${identity}${at}${one')],
  },
  {
    name: 'event-kept-before-it-starts',
    why: 'A process that dies between keeping an event and starting what it starts has lost that.',
    focus: ['events', 'crash'],
    edits: [
      edit(
        SEND,
        'const fired = await fire.execute({ id, name, payload: payload });',
        'const early = await messages.keep({ id, name, payload }, ttlMs); const fired = early ? await fire.execute({ id, name, payload: payload }) : { ok: true, value: [] };',
      ),
      edit(
        SEND,
        'const kept = await messages.keep({ id, name, payload }, ttlMs);\n        tally',
        'const kept = early;\n        tally',
      ),
    ],
  },
  {
    name: 'one-trigger-of-an-event',
    why: 'Of several flows that an event starts only the first is started.',
    focus: ['events'],
    edits: [edit(FIRE, 'for (const trigger of asked) {', 'for (const trigger of asked.slice(0, 1)) {')],
  },
  {
    name: 'pause-holds-nothing-new',
    why: 'What follows is sent although the instance is paused.',
    focus: ['pause'],
    edits: [
      edit(
        'engine/commit/draft.js',
        "sent.queue = this.instance.status === 'paused' ? null : queue;",
        'sent.queue = queue;',
      ),
    ],
  },
  {
    name: 'pause-holds-nothing-old',
    why: 'What lies in the lanes runs although the instance is paused.',
    focus: ['pause'],
    edits: [edit(PAUSE, 'if (row.queue !== null && !isHanded(draft, row))', 'if (row.queue === undefined)')],
  },
  {
    name: 'time-passes-in-a-pause',
    why: 'Timers and time limits fall due although the instance is paused.',
    focus: ['talk', 'pause'],
    edits: [
      edit(
        'core/flow/guard.js',
        "event.type === 'timer.fired' && instance.status === 'paused'",
        "event.type === 'timer.fired' && instance.status === 'none'",
      ),
    ],
  },
  {
    name: 'resume-forgets-who-waits',
    why: 'After a pause, timers never fall due.',
    focus: ['talk', 'pause'],
    edits: [edit(PAUSE, "(status !== 'ready' && status !== 'waiting')", "status !== 'ready'")],
  },
];
