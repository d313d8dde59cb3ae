import { canonical } from '../../definition/compare/compare.js';
import type { Definition, Edge } from '../../definition/definition.js';

/** The number of an edge in the new version, by its number in the old one. */
export type EdgeMap = ReadonlyMap<number, number>;

/** Edges between the same nodes map to each other: first those that are taken for the same reason, then in their order. */
export function edgeMap(from: Definition, to: Definition): EdgeMap {
  const map = new Map<number, number>();
  const left = new Set(to.edges);
  const pair = (matches: (old: Edge, fresh: Edge) => boolean): void => {
    for (const old of from.edges) {
      if (map.has(old.index)) continue;
      const fresh = [...left].find((edge) => edge.from === old.from && edge.to === old.to && matches(old, edge));
      if (!fresh) continue;
      left.delete(fresh);
      map.set(old.index, fresh.index);
    }
  };
  pair((old, fresh) => canonical(from.lines[old.line]?.when) === canonical(to.lines[fresh.line]?.when));
  pair(() => true);
  return map;
}
