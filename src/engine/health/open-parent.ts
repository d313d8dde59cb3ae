import { circuitAt } from '../../core/routing/health/circuit.js';
import { POLICY } from '../../core/routing/policy.js';
import type { Subject } from '../../core/routing/subject.js';
import type { Watched } from './watched.js';

/** A parent opens on the evidence of several children: one bad bank is not the handler for all banks. */
export function causeToOpenParent(
  { circuit, children }: Watched,
  of: (child: Subject) => Watched | undefined,
  now: number,
): string | null {
  if (circuitAt(circuit, now).state !== 'closed') return null;
  const { parentChildren, parentShare } = POLICY.circuit;
  let lively = 0;
  let opened = 0;
  for (const child of children) {
    const state = of(child);
    const isOpen = state !== undefined && circuitAt(state.circuit, now).state !== 'closed';
    if (!state || (!isOpen && state.window.sums(now).calls === 0)) continue;
    lively++;
    opened += Number(isOpen);
  }
  return opened < parentChildren || opened < lively * parentShare ? null : `${opened} of ${lively} below it are open`;
}
