import type { NodeView } from '../../api/wire.js';

/** One bar of the timeline: where it begins and how long it is, in percent of the instance's span. */
export interface Bar {
  readonly row: NodeView;
  readonly left: number;
  readonly width: number;
}

/**
 * Where the axis of an unfinished instance ends: now, in steps of half a percent, since a bar that grows by less is
 * drawn anew for nothing.
 */
export function axisEnd(startMs: number, nowMs: number): number {
  const step = Math.max(1000, (nowMs - startMs) / 200);
  const rounded = 2 ** Math.ceil(Math.log2(step));
  return startMs + Math.ceil(Math.max(1, nowMs - startMs) / rounded) * rounded;
}

/** The narrowest bar that can still be seen, in percent. */
const THINNEST = 0.6;

/**
 * Node instances in the order in which they began, with their bars. Of those that began in the same millisecond the one
 * that ended first comes first, then the one that stands first in the definition (`order`). What has not ended reaches
 * to the end.
 */
export function timeline(
  nodes: readonly NodeView[],
  startMs: number,
  endMs: number,
  order: readonly string[] = [],
): readonly Bar[] {
  const place = new Map(order.map((node, index) => [node, index]));
  const rank = ({ node }: NodeView): number => place.get(node) ?? order.length;
  const span = Math.max(1, endMs - startMs);
  const percent = (ms: number): number => Math.min(100, Math.max(0, ((ms - startMs) / span) * 100));
  return [...nodes]
    .sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt) || endOf(a) - endOf(b) || rank(a) - rank(b))
    .map((row) => {
      const right = percent(row.endedAt === null ? endMs : Date.parse(row.endedAt));
      const left = Math.min(percent(Date.parse(row.startedAt)), 100 - THINNEST);
      return { row, left, width: Math.max(THINNEST, right - left) };
    });
}

const endOf = ({ endedAt }: NodeView): number => (endedAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(endedAt));
