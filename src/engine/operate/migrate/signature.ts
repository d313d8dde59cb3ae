import type { Instance, NodeInstance } from '../../../core/flow/instance.js';

/** Differs whenever something has happened to an instance: what is active, and where it stands, changes with every step. */
export function signatureOf({ seq, status, version }: Instance, active: readonly NodeInstance[]): string {
  const rows = active.map((row) => [row.node, row.visit, row.status, row.attempt, row.dispatch, row.polls].join(' '));
  return [seq, status, version, ...rows.sort()].join('\n');
}
