import type { MigratedOne } from '../api/wire.js';

/** Instances that share an obstacle. */
export interface Hindered {
  readonly code: string;
  readonly node: string | null;
  /** As the first of them was told. */
  readonly message: string;
  readonly count: number;
  /** The first few of them. */
  readonly some: readonly Pick<MigratedOne, 'instance' | 'key'>[];
}

/** What came of instances that were asked to go on in another version, or would come of them. */
export interface MigrationReport {
  readonly looked: number;
  /** They would, or they did. */
  readonly moves: number;
  readonly stays: number;
  /** They never stood still; asked again they may move. */
  readonly busy: number;
  /** The most frequent first. */
  readonly obstacles: readonly Hindered[];
}

export const NO_REPORT: MigrationReport = { looked: 0, moves: 0, stays: 0, busy: 0, obstacles: [] };

const SOME = 3;

/** A report with another page of what was looked at. */
export function withPage(report: MigrationReport, items: readonly MigratedOne[]): MigrationReport {
  const count = (...outcomes: readonly string[]): number =>
    items.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const found = new Map(report.obstacles.map((one) => [keyOf(one), one]));
  for (const { obstacles, instance, key } of items) {
    // One instance counts once, however many visits are in the way.
    const own = new Map(obstacles.map((one) => [keyOf(one), one]));
    for (const [of, { code, node, message }] of own) {
      const known = found.get(of) ?? { code, node, message, count: 0, some: [] };
      const some = known.some.length < SOME ? [...known.some, { instance, key }] : known.some;
      found.set(of, { ...known, count: known.count + 1, some });
    }
  }
  return {
    looked: report.looked + items.length,
    moves: report.moves + count('moves', 'moved'),
    stays: report.stays + count('stays'),
    busy: report.busy + count('busy'),
    obstacles: [...found.values()].sort((a, b) => b.count - a.count),
  };
}

const keyOf = ({ code, node }: { readonly code: string; readonly node: string | null }): string => `${code} ${node}`;

export const instancesOf = (count: number): string => (count === 1 ? '1 instance' : `${count} instances`);
