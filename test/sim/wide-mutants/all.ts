import type { Mutant } from '../mutant.js';
import { CHOICE_MUTANTS } from './choice-mutants.js';
import { MORE_MUTANTS } from './more-mutants.js';
import { PLAY_MUTANTS } from './play-mutants.js';
import { TCC_MUTANTS } from './tcc-mutants.js';
import { VERSION_MUTANTS } from './version-mutants.js';
import { WORK_MUTANTS } from './work-mutants.js';

/** Faults in what `test/sim/flow/wide` draws. */
export const WIDE_MUTANTS: readonly Mutant[] = [
  ...WORK_MUTANTS,
  ...CHOICE_MUTANTS,
  ...TCC_MUTANTS,
  ...VERSION_MUTANTS,
  ...MORE_MUTANTS,
  ...PLAY_MUTANTS,
];
