import type { Phase } from './rule.js';

/** What one participant is known to have begun. `empty`: it was cancelled before it had tried. */
export type FenceState = 'tried' | 'confirmed' | 'cancelled' | 'empty';

/** Whether its handler may be asked: it may, nothing is to be done, or it must not be. */
export type FenceVerdict = 'go' | 'empty' | 'refused';

/**
 * Decides before a handler is asked, in the order in which the database saw it. A cancel that comes to a participant that
 * has not tried is done, and nothing is asked; a try that comes after its cancel or confirm is refused, as late as it may be;
 * and of confirm and cancel only the one is ever let through that came first.
 */
export function passFence(
  state: FenceState | null,
  phase: Phase,
): { readonly state: FenceState | null; readonly verdict: FenceVerdict } {
  switch (phase) {
    case 'try':
      return state === null || state === 'tried' ? { state: 'tried', verdict: 'go' } : { state, verdict: 'refused' };
    case 'confirm':
      if (state === 'tried' || state === 'confirmed') return { state: 'confirmed', verdict: 'go' };
      return { state, verdict: 'refused' };
    case 'cancel':
      if (state === null || state === 'empty') return { state: 'empty', verdict: 'empty' };
      return state === 'confirmed' ? { state, verdict: 'refused' } : { state: 'cancelled', verdict: 'go' };
  }
}
