import type { drawScenario } from './world/scenario.js';

/** One change to one compiled file; what it replaces occurs there exactly once, or the mutant is refused as rotten. */
interface Edit {
  /** Below the compiled `src/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A fault built into the engine on purpose: the simulation has to notice it. */
export interface Mutant {
  readonly name: string;
  /** What the fault would do to somebody. */
  readonly why: string;
  /** What must be in a world for it to show; absent: it shows in any. */
  readonly focus?: NonNullable<Parameters<typeof drawScenario>[2]>;
  /** Drawn too rarely to wait for: it is kept among the regressions, and looked for there first. */
  readonly isKept?: true;
  readonly edits: readonly Edit[];
}

export const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });
