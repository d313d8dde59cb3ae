import type { InputViolation } from '../ports/catalog.js';

/** Why no instance was made; the sentence is for whoever sent the start. */
export interface StartRefusal {
  readonly code: 'UNKNOWN_FLOW' | 'INVALID_INPUT' | 'INVALID_KEY' | 'BUSY';
  readonly message: string;
  readonly violations?: readonly InputViolation[];
}
