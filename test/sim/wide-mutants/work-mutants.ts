import { edit, type Mutant } from '../mutant.js';

const RULES = 'core/definition/work/rules/evaluate-rules.js';
const SEQUENCE = 'core/definition/work/sequence/run-sequence.js';

const remembersNothing = edit('engine/intake/run-attempt.js', '...(memo && { memo })', '');

/** Faults in nodes whose work has several parts: rules and sequences. */
export const WORK_MUTANTS: readonly Mutant[] = [
  {
    name: 'window-ends-early',
    why: 'The last moment of a campaign is none of it.',
    focus: ['rules'],
    edits: [edit(RULES, 'this.at > window.toMs', 'this.at >= window.toMs')],
  },
  {
    name: 'window-is-no-window',
    why: 'What is over is still given.',
    focus: ['rules'],
    edits: [edit(RULES, 'if (window &&', 'if (window === undefined &&')],
  },
  {
    name: 'shift-is-forgotten',
    why: 'What is asked of another day is asked of today.',
    focus: ['rules'],
    edits: [edit(RULES, "this.at = 'by' in rule ? this.at + rule.by : rule.to;", ';')],
  },
  {
    name: 'forward-is-not-asked',
    why: 'Who must be let in first need not be.',
    focus: ['rules'],
    edits: [edit(RULES, "if (before === 'false')", 'if (before === null)')],
  },
  {
    name: 'inverse-is-not',
    why: 'Who is to be refused is let in.',
    focus: ['rules'],
    edits: [edit(RULES, "if (!inverse || state === 'none')", 'if (state !== null)')],
  },
  {
    name: 'any-goes-on',
    why: 'Who has been given one thing is given the next too.',
    focus: ['rules'],
    edits: [edit(RULES, "if (type === 'any' && state === 'true')", "if (type === 'some' && state === 'true')")],
  },
  {
    name: 'parked-is-an-answer',
    why: 'What waits for a person is decided without one.',
    focus: ['rules'],
    edits: [edit(RULES, 'if (fault instanceof RuleFailure && fault.parked)', 'if (fault === null)')],
  },
  {
    name: 'stopped-is-an-answer',
    why: 'An engine that is stopped refuses a customer because it is stopped.',
    focus: ['rules', 'stop'],
    isKept: true,
    edits: [edit(RULES, 'this.rules.isStopped?.() === true', 'false')],
  },
  {
    name: 'work-begins-anew',
    why: 'What a failed attempt has given is given again by the next.',
    focus: ['rules', 'steps', 'calm'],
    edits: [remembersNothing],
  },
  {
    name: 'parts-share-a-key',
    why: 'A partner who honours keys gives the second prize for the first.',
    focus: ['rules'],
    edits: [
      edit('engine/intake/work/rules.js', '`${context.idempotencyKey}.${path}`', '`${context.idempotencyKey}.r`'),
    ],
  },
  {
    name: 'checkpoint-is-passed',
    why: 'A later attempt does again what lies before a checkpoint.',
    focus: ['steps', 'calm'],
    edits: [
      edit(
        SEQUENCE,
        'if (step.checkpoint)\n            run.reached({ next,',
        'if (step === null)\n            run.reached({ next,',
      ),
    ],
  },
  {
    name: 'ended-branches-run-again',
    why: 'A failure of one branch makes the others do everything again.',
    focus: ['steps', 'calm'],
    edits: [edit(SEQUENCE, '.filter(({ name }) => !ends.has(name))', '.filter(() => true)')],
  },
  {
    name: 'one-jump-too-many',
    why: 'A bound that is reached is passed.',
    focus: ['steps'],
    edits: [edit(SEQUENCE, '++jumps > run.jumps', '++jumps > run.jumps + 1')],
  },
  {
    name: 'goes-on-instead-of-back',
    why: 'A list that is too short is taken as it is.',
    focus: ['steps'],
    edits: [edit(SEQUENCE, 'next = target === null ? next + 1', 'next = target !== undefined ? next + 1')],
  },
  {
    name: 'branches-share-a-context',
    why: 'A branch sees, and changes, what another does.',
    focus: ['steps'],
    edits: [
      edit(SEQUENCE, 'const copy = structuredClone(parting.context);', 'const copy = parting.context;'),
      edit(
        SEQUENCE,
        'context = { ...context, ...(await ask(handler, place, structuredClone(context))) };',
        'context = Object.assign(context, await ask(handler, place, context));',
      ),
    ],
  },
  {
    name: 'context-of-its-own-is-ignored',
    why: 'A branch works with what it was to be spared.',
    focus: ['steps'],
    edits: [edit(SEQUENCE, 'const began = branch.factory === null ?', 'const began = branch.factory !== undefined ?')],
  },
  {
    name: 'last-branch-wins',
    why: 'What is to be a sum is what the last branch has said.',
    focus: ['steps'],
    edits: [
      edit(
        'core/definition/work/sequence/branches.js',
        'if (rule === undefined) {',
        'if (rule !== null) return values.at(-1);\n    if (rule === undefined) {',
      ),
    ],
  },
  {
    name: 'trace-forgets',
    why: 'Nobody can see what the steps before a checkpoint have cost.',
    focus: ['steps'],
    edits: [edit(SEQUENCE, 'const trace = [...from.trace];', 'const trace = [];')],
  },
];
