import type { Control, JoinRule } from '../control/control.js';

/** What every node has, whatever it does. */
export interface EveryNode extends Control {
  /** `^[A-Za-z][A-Za-z0-9_]{0,63}$` */
  readonly id: string;
  readonly title: string | null;
  readonly tags: readonly string[];
  /** When a node with several incoming edges is entered. `null`: every arrival is a visit of its own. */
  readonly join: JoinRule | null;
  /** Most visits in one instance; one more is the incident `TOO_MANY_VISITS`. Default 1,000. */
  readonly visits: number;
}
