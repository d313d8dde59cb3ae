import { edit, type Mutant } from '../mutant.js';

const TCC = 'core/flow/tries/tcc';

/** Faults in what participants do together. */
export const TCC_MUTANTS: readonly Mutant[] = [
  {
    name: 'fence-lets-try-late',
    why: 'A participant that was cancelled reserves after that, and nobody gives it back.',
    focus: ['tcc', 'control', 'cancel', 'slow'],
    edits: [edit(`${TCC}/fence.js`, "return state === null || state === 'tried'", 'return true')],
  },
  {
    name: 'fence-is-passed-by',
    why: 'Participants are asked whatever has become of them.',
    focus: ['tcc'],
    edits: [edit('engine/intake/run-attempt.js', 'task.part ? this.fences.before(', 'null ? this.fences.before(')],
  },
  {
    name: 'withdrawn-stays-tried',
    why: 'What was tried when the instance was ended stays reserved, and the instance never ends.',
    focus: ['tcc', 'cancel'],
    edits: [edit(`${TCC}/withdraw.js`, "if (progress.phase === 'try') {", 'if (progress === null) {')],
  },
  {
    name: 'decided-is-taken-back',
    why: 'Who has confirmed is cancelled because the instance is ended meanwhile.',
    focus: ['tcc', 'cancel'],
    edits: [edit(`${TCC}/withdraw.js`, "if (progress.phase === 'try') {", "if (progress.phase !== 'cancel') {")],
  },
  {
    name: 'ends-before-it-is-settled',
    why: 'An instance is over while participants are still asked for it.',
    focus: ['tcc', 'cancel'],
    edits: [edit('core/flow/walk/settle.js', 'if (draft.idle) {', 'if (draft.effects) {')],
  },
  {
    name: 'cancels-who-has-answered',
    why: 'Who still tries when another says no is not cancelled.',
    focus: ['tcc'],
    edits: [
      edit(
        `${TCC}/withdraw.js`,
        "phase: 'cancel', open: 0, why }, progress.begun)",
        "phase: 'cancel', open: 0, why }, progress.begun.slice(0, Math.max(1, Object.keys(progress.tried).length)))",
      ),
    ],
  },
  {
    name: 'confirms-at-the-first-yes',
    why: 'One confirms while others have not said yes.',
    focus: ['tcc'],
    edits: [edit(`${TCC}/phases.js`, 'else if (kept.open > 0)', 'else if (kept.open > 9)')],
  },
  {
    name: 'by-hand-settles-nothing',
    why: 'What a person has settled stays open for ever.',
    focus: ['tcc'],
    edits: [edit(`${TCC}/phases.js`, 'endPart(draft, { ...row, reason:', '((..._) => {})(draft, { ...row, reason:')],
  },
];
