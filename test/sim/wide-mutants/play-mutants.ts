import { edit, type Mutant } from '../mutant.js';

const ADMIT = 'engine/start/plays/admit-play.js';
const INPUTS = 'engine/intake/known-inputs.js';

/** Faults in what operators configure, and in how much of it they are ready to give. */
export const PLAY_MUTANTS: readonly Mutant[] = [
  {
    name: 'old-play-starts',
    why: 'A change of a play, or its pause, is not heard of by an engine that has asked before.',
    focus: ['plays'],
    edits: [
      edit(
        ADMIT,
        'const play = await store.plays.find(code);',
        'const play = (this.seen ??= await store.plays.find(code));',
      ),
    ],
  },
  {
    name: 'plays-by-the-newest',
    why: 'What an instance was promised changes with its play.',
    focus: ['plays'],
    edits: [
      edit(
        INPUTS,
        'this.inputs.set(instance, input);\n        if (this.inputs.size',
        'this.last = input.$play ?? this.last;\n        this.inputs.set(instance, input);\n        if (this.inputs.size',
      ),
      edit(
        INPUTS,
        'this.inputs.set(instance, input);\n        return input;',
        'this.inputs.set(instance, input);\n        return input.$play ? { ...input, $play: this.last } : input;',
      ),
    ],
  },
  {
    name: 'quota-of-each-engine',
    why: 'With three engines three times as many prizes are given.',
    focus: ['plays'],
    edits: [
      edit(
        ADMIT,
        'await store.triggers.claim(claim, play.quota.max)',
        'await store.triggers.claim({ ...claim, share: `${claim.share}${(this.own ??= this.parts.identity.next())}` }, play.quota.max)',
      ),
    ],
  },
  {
    name: 'share-of-twins-comes-back',
    why: 'Of two who ask for the same start one has stored it, and the other gives back the share of it.',
    focus: ['plays', 'repeat', 'slow', 'lost'],
    edits: [edit(ADMIT, 'if (isUnused)', "if (as !== 'started' && claimed === 'taken')")],
  },
  {
    name: 'paused-play-starts',
    why: 'Who has paused a play has paused nothing.',
    focus: ['plays'],
    edits: [edit('core/definition/starting/play.js', "if (state === 'paused')", "if (state === 'none')")],
  },
  {
    name: 'play-is-always-open',
    why: 'Prizes are given when the time of a campaign is over.',
    focus: ['plays'],
    edits: [edit('core/definition/starting/play.js', 'if (window && at > window.toMs)', 'if (window === undefined)')],
  },
];
