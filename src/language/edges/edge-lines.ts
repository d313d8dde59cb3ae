import type { Report, Span } from '../report/report.js';
import type { DraftLine, Target } from '../structure/draft.js';
import type { Groups } from './edge-text.js';
import type { When } from './edge-when.js';

/** `null`: the edge could not be read as far as its nodes. */
export type EdgeLines = readonly DraftLine[] | null;

/** Stands in for what follows the colon when that is faulty. */
export const UNREADABLE = { when: null, condition: null } as const;

/** Each arrow of a chain is a line, for each node on its left. */
export function linesOf(
  groups: Groups,
  when: When | typeof UNREADABLE,
  whenAt: Span,
  label: string | null,
  report: Report,
): DraftLine[] {
  const lines: DraftLine[] = [];
  groups.slice(0, -1).forEach((sources, index) => {
    const to = withoutTwins(groups[index + 1] ?? [], report);
    for (const from of withoutTwins(sources, report)) lines.push({ from, to, ...when, whenAt, label });
  });
  return lines;
}

function withoutTwins(targets: readonly Target[], report: Report): Target[] {
  const seen = new Set<string>();
  return targets.filter(({ id, at }) => {
    if (!seen.has(id)) return seen.add(id);
    report.add(
      'DUPLICATE_TARGET',
      at,
      `Expected each node once around "&", but \`${id}\` is there twice.`,
      'Delete one of them.',
    );
    return false;
  });
}
