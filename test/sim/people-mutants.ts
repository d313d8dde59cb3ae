import { edit, type Mutant } from './mutant.js';

const GUARD = 'core/flow/guard.js';
const BORDER = 'core/flow/walk/kinds/guard.js';
const COMPLETE = 'engine/operate/complete-manual.js';

/** Faults in what people are asked, and at the borders of nodes. */
export const PEOPLE_MUTANTS: readonly Mutant[] = [
  {
    name: 'last-word-counts',
    why: 'Of two people who complete the same thing, both are told that theirs is taken.',
    focus: ['talk', 'repeat'],
    edits: [
      edit(
        GUARD,
        "if (!isActive(row.status))\n        return finished(row);\n    if (event.type === 'timer.fired'",
        "if (!isActive(row.status) && event.type !== 'manual.completed')\n        return finished(row);\n    if (event.type === 'timer.fired'",
      ),
      edit(
        GUARD,
        'if (!statusesFor(event).includes(row.status))',
        "if (event.type !== 'manual.completed' && !statusesFor(event).includes(row.status))",
      ),
    ],
  },
  {
    name: 'said-twice-is-refused',
    why: 'Who has not heard the answer is told that somebody else was faster.',
    focus: ['talk', 'repeat'],
    edits: [edit(COMPLETE, 'if (wasDone && (await', 'if (!wasDone && (await')],
  },
  {
    name: 'asked-for-ever',
    why: 'People go on being asked for what is done.',
    focus: ['talk'],
    edits: [
      edit('engine/commit/beyond.js', 'this.answered.set(`${node}.${visit}`, { instance: id, node, visit });', ';'),
    ],
  },
  {
    name: 'border-does-not-withdraw',
    why: 'What was to end by a message, or after a time, goes on beside what is done instead.',
    focus: ['talk'],
    edits: [edit(BORDER, 'if (guard.on.interrupts) {', 'if (guard.on.interrupts === null) {')],
  },
  {
    name: 'border-outlives-its-host',
    why: 'What watched over something that is over keeps its instance from ending.',
    focus: ['talk'],
    edits: [
      edit(BORDER, 'if (!host)\n            cancelRow(', 'if (host === null && draft.over)\n            cancelRow('),
    ],
  },
  {
    name: 'border-leaves-the-message',
    why: 'A message that has withdrawn one thing withdraws another.',
    focus: ['talk'],
    edits: [edit(BORDER, "draft.effects.push({ type: 'message.taken', message });", ';')],
  },
];
