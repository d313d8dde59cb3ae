import { edit, type Mutant } from './mutant.js';

const COMPENSATE = 'core/flow/walk/kinds/compensate.js';

/** Faults in what undoes what was done. */
export const UNDO_MUTANTS: readonly Mutant[] = [
  {
    name: 'undone-oldest-first',
    why: 'What something else was built on is undone before that.',
    focus: ['undo'],
    edits: [
      edit(COMPENSATE, 'const newest = left.at(-1);', 'const newest = left.at(0);'),
      edit(COMPENSATE, 'left: left.slice(0, -1)', 'left: left.slice(1)'),
    ],
  },
  {
    name: 'undone-by-each-who-asks',
    why: 'What one has undone another undoes again.',
    focus: ['undo'],
    edits: [edit(COMPENSATE, 'const rest = done.filter((ref) => !isMine(ref));', 'const rest = done;')],
  },
  {
    name: 'items-are-not-undone',
    why: 'Of a list nothing can be undone.',
    focus: ['undo', 'lists'],
    edits: [edit('core/flow/walk/kinds/each/each.js', 'remember(draft, row, node);', ';')],
  },
  {
    name: 'undone-is-called-done',
    why: 'Nobody can see what is undone.',
    focus: ['undo'],
    edits: [edit(COMPENSATE, 'if (original)', 'if (original === null)')],
  },
  {
    name: 'undo-shares-the-key',
    why: 'A partner who honours keys takes undoing for what it has done already.',
    focus: ['undo'],
    edits: [
      edit(
        'core/flow/instance.js',
        '`${instance}.${node}.${shownVisit(visit)}`',
        "`${instance}.${node}.${shownVisit(visit).replace('.undo', '')}`",
      ),
    ],
  },
  {
    name: 'cancelled-is-watched',
    why: 'What is cancelled in the step that has entered it is sent to its queue for ever.',
    focus: ['undo', 'control'],
    edits: [edit('core/flow/walk/race.js', 'if (is >= 0)', 'if (is === null)')],
  },
  {
    name: 'calls-are-not-undone',
    why: 'What a called flow has done stays done when its caller undoes everything.',
    focus: ['undone-calls', 'calls'],
    edits: [
      edit('core/flow/walk/kinds/call.js', "if (draft.row(row)?.status === 'done')", 'if (draft.row(row) === null)'),
    ],
  },
  {
    name: 'call-is-made-again-to-undo-it',
    why: 'A call is undone by calling the same flow once more.',
    focus: ['undone-calls', 'calls'],
    edits: [edit('core/definition/handlers.js', 'flow: undo.flow, in: undo.in,', 'in: undo.in,')],
  },
  {
    name: 'undo-of-a-call-goes-on',
    why: 'The flow goes on a second time from a call when that is undone.',
    focus: ['undone-calls', 'calls'],
    edits: [edit('core/flow/walk/kinds/call.js', 'if (isUndo(row.visit))', 'if (row === null)')],
  },
];
