import { edit, type Mutant } from './mutant.js';

const EACH = 'core/flow/walk/kinds/each/each.js';

/** Faults in what is done once for each item of a list. */
export const LIST_MUTANTS: readonly Mutant[] = [
  {
    name: 'all-items-at-once',
    why: 'A list of thousands is a flood for the partner who was to get three at a time.',
    focus: ['lists'],
    edits: [edit(EACH, 'node.each.parallel - running', 'node.each.parallel')],
  },
  {
    name: 'first-items-only',
    why: 'What is not among the first of a list is never begun.',
    focus: ['lists'],
    edits: [edit(EACH, 'if (free <= 0)', 'if (free <= 0 || progress.next > 0)')],
  },
  {
    name: 'items-share-a-key',
    why: 'A partner who honours keys does the first item for all of them.',
    focus: ['lists'],
    edits: [
      edit(
        'core/flow/instance.js',
        '`${instance}.${node}.${shownVisit(visit)}`',
        "`${instance}.${node}.${shownVisit(visit).split('.')[0]}`",
      ),
    ],
  },
  {
    name: 'enough-is-not-enough',
    why: 'A node that has what it needs waits for one more.',
    focus: ['lists'],
    edits: [
      edit('core/flow/walk/kinds/each/progress.js', 'progress.done >= until.count', 'progress.done > until.count'),
    ],
  },
  {
    name: 'losing-items-go-on',
    why: 'What nobody needs any more is done all the same.',
    focus: ['lists'],
    edits: [edit(EACH, "each.rest === 'cancel' || item.status", "each.rest === 'never' || item.status")],
  },
  {
    name: 'failed-item-is-forgotten',
    why: 'A list of which an item may fail never ends.',
    focus: ['lists'],
    edits: [edit(EACH, '{ failed: before.failed + 1 }', '{ failed: before.failed }')],
  },
  {
    name: 'item-counts-again',
    why: 'An item whose answer comes twice counts as two.',
    focus: ['lists', 'duplicate', 'crash'],
    edits: [
      edit(
        'core/flow/guard.js',
        "if (!isActive(row.status))\n        return finished(row);\n    if (event.type === 'timer.fired'",
        "if (!isActive(row.status) && row.visit < 1_000_000)\n        return finished(row);\n    if (event.type === 'timer.fired'",
      ),
      edit(
        'core/flow/guard.js',
        'if (!statusesFor(event).includes(row.status))',
        'if (row.visit < 1_000_000 && !statusesFor(event).includes(row.status))',
      ),
    ],
  },
];
