import { edit, type Mutant } from '../mutant.js';

const EACH = 'core/flow/walk/kinds/each';

/** Faults in how lists grow. */
export const MORE_MUTANTS: readonly Mutant[] = [
  {
    name: 'items-come-again',
    why: 'Word of a message that comes once more adds its items a second time.',
    focus: ['lists', 'more', 'duplicate', 'lost', 'crash'],
    edits: [
      edit(
        'core/flow/guard.js',
        "if (!isActive(row.status))\n        return finished(row);\n    if (event.type === 'timer.fired'",
        "if (!isActive(row.status) && !row.node.endsWith('@more'))\n        return finished(row);\n    if (event.type === 'timer.fired'",
      ),
      edit(
        'core/flow/guard.js',
        'if (!statusesFor(event).includes(row.status))',
        "if (!row.node.endsWith('@more') && !statusesFor(event).includes(row.status))",
      ),
    ],
  },
  {
    name: 'word-of-a-person-comes-again',
    why: 'A person who has not heard the answer, and says it again, adds everything twice.',
    focus: ['lists', 'more', 'lost', 'slow', 'repeat'],
    edits: [edit(`${EACH}/more.js`, 'seen !== null && seen !== before.total', 'seen === -1')],
  },
  {
    name: 'wish-is-not-known-again',
    why: 'What a person adds comes twice when the engine does not know whether it was stored.',
    focus: ['lists', 'more', 'lost'],
    edits: [edit(`${EACH}/more.js`, 'before?.words?.includes(word)', 'before === undefined')],
  },
  {
    name: 'items-come-for-nothing',
    why: 'Items of a message are taken and kept, and never done.',
    focus: ['lists', 'more'],
    edits: [
      edit(`${EACH}/more.js`, 'judge(draft, host, node, progress, null)', 'judge(draft, host, node, before, null)'),
    ],
  },
  {
    name: 'one-message-only',
    why: 'A list hears the first message, and of no other.',
    focus: ['lists', 'more'],
    edits: [edit(`${EACH}/more.js`, 'if (after && isOpen(after))', 'if (after === null)')],
  },
  {
    name: 'items-in-the-place-of-others',
    why: 'What comes later is kept where the first items are.',
    focus: ['lists', 'more'],
    edits: [edit(`${EACH}/more.js`, 'keepItems(draft, host, before.total, items)', 'keepItems(draft, host, 0, items)')],
  },
  {
    name: 'last-is-not-waited-for',
    why: 'A list that waits for its last message is over as soon as nothing is left to do.',
    focus: ['lists', 'more'],
    edits: [edit(`${EACH}/progress.js`, '(!each.more?.last || !isOpen(progress))', 'each !== null')],
  },
];
