import type { BorderEvent } from '../../../src/core/definition/control/border.js';
import type { LineWhen } from '../../../src/core/definition/definition.js';
import type { Expression } from '../../../src/core/expression.js';
import { onMessage } from './border-events.js';

/** An expression, `else`, a boundary event as in a file (`on error CODE*`, `on timeout`, `on message NAME`), or one built. */
export type Colon = Expression | 'else' | `on ${string}` | BorderEvent;

/** What must be so for a line that says this after its colon. */
export function whenOf(colon: Colon | undefined): LineWhen {
  if (colon === undefined) return { type: 'always' };
  if (typeof colon === 'object') return 'type' in colon ? colon : { type: 'if', condition: colon };
  if (colon.startsWith('on message ')) return onMessage(colon.replace('on message ', ''));
  if (colon === 'else' || colon === 'on timeout' || colon === 'on exhausted') {
    return { type: colon.replace('on ', '') as 'else' | 'timeout' | 'exhausted' };
  }
  return { type: 'error', pattern: colon.replace('on error ', '') };
}
