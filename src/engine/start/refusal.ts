import type { PlayRefusalCode } from '../../core/definition/starting/play.js';
import type { InputViolation } from '../ports/catalog.js';

/** Why no instance was made; the sentence is for whoever sent the start. */
export interface StartRefusal {
  readonly code:
    | 'UNKNOWN_FLOW'
    | 'INVALID_INPUT'
    | 'INVALID_KEY'
    | 'BUSY'
    | 'UNKNOWN_PLAY'
    | 'NOT_PLAYABLE'
    | 'NO_PLAY'
    | 'INVALID_PLAY'
    | 'PLAY_FAILED'
    | PlayRefusalCode;
  readonly message: string;
  readonly violations?: readonly InputViolation[];
}
