import { isBuiltIn, LANE_NAMES, MOST_LANES, type WantedLane, wantedLanes } from '../../core/routing/lane.js';
import { nearest } from '../report/nearest.js';
import type { Report } from '../report/report.js';
import { entryOf, type MapTree, type Tree } from '../yaml/tree.js';

interface Naming {
  readonly lanes: readonly WantedLane[];
  readonly rules: readonly { readonly lane: string | null }[];
  readonly overrides: readonly { readonly lane: string | null }[];
}

/** A lane that is only named is made; so a built-in one that is misspelt must be found here. */
export function checkLanes(naming: Naming, tree: MapTree, report: Report): void {
  const { lanes, rules, overrides } = naming;
  const declared = new Set(lanes.map(({ name }) => name));
  for (const [list, said] of [
    ['rules', rules],
    ['overrides', overrides],
  ] as const) {
    const items = entryOf(tree, list)?.value;
    for (const [at, { lane }] of said.entries()) {
      const meant = lane === null || isBuiltIn(lane) || declared.has(lane) ? null : nearest(lane, LANE_NAMES);
      if (meant === null) continue;
      const item: Tree | undefined = items?.type === 'list' ? items.items[at] : undefined;
      const place = (item && entryOf(item, 'lane')?.value) ?? tree;
      const message = `Expected another name for a lane of its own, but \`${lane}\` reads like \`${meant}\`.`;
      report.add('BAD_LANE', place, message, `Write ${meant}, or declare \`${lane}\` under lanes.`);
    }
  }
  const wanted = wantedLanes(lanes, [...rules, ...overrides]);
  if (wanted.length <= MOST_LANES) return;
  const message = `Expected at most ${MOST_LANES} lanes with names of their own, but there are ${wanted.length}.`;
  report.add(
    'TOO_MANY_LANES',
    entryOf(tree, 'lanes')?.keyAt ?? tree,
    message,
    'Each is a queue, and a channel of each engine.',
  );
}
