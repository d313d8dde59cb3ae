import type { Definition, Edge } from '../definition/definition.js';

/** How often each edge of a definition was taken over several runs. */
export interface Coverage {
  readonly total: number;
  readonly covered: number;
  /** Rounded down; 100 only when every edge was taken, and when there is none. */
  readonly percent: number;
  readonly missing: readonly Edge[];
  /** By edge index, in how many runs. */
  readonly runs: ReadonlyMap<number, number>;
}

/** @param taken for each run the indexes of the edges it took, each once. */
export function coverageOf(definition: Definition, taken: readonly (readonly number[])[]): Coverage {
  const runs = new Map<number, number>();
  for (const edges of taken) for (const edge of edges) runs.set(edge, (runs.get(edge) ?? 0) + 1);
  const missing = definition.edges.filter(({ index }) => !runs.has(index));
  const total = definition.edges.length;
  const covered = total - missing.length;
  return { total, covered, percent: total === 0 ? 100 : Math.floor((covered / total) * 100), missing, runs };
}
