import type { FlowNode } from '../../core/definition/definition.js';
import { nearest } from '../report/nearest.js';
import type { Draft, DraftLine, DraftNode, Target } from '../structure/draft.js';

/** One edge: from one node to one node. */
export interface Arc {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly line: DraftLine;
}

/** The draft as numbers: nodes by their place in the file, and what can be reached from them. */
export class Graph {
  readonly ids: readonly string[];
  readonly arcs: readonly Arc[];
  readonly leaving: readonly (readonly Arc[])[];
  readonly entering: readonly (readonly Arc[])[];
  /** Every edge is where the author meant it, as far as that can be told. */
  readonly isComplete: boolean;
  private readonly reached: (Uint8Array | undefined)[] = [];

  constructor(readonly draft: Draft) {
    this.ids = [...draft.ids.keys()];
    const places = new Map(this.ids.map((id, index) => [id, index]));
    const arcs: Arc[] = [];
    let isComplete = draft.hasAllEdges;
    /** A misspelt id most likely means its neighbour, which then is no unreachable node. */
    const place = ({ id }: Target): number | undefined => {
      const found = places.get(id) ?? places.get(nearest(id, this.ids) ?? '');
      if (found === undefined) isComplete = false;
      return found;
    };
    for (const line of draft.lines) {
      const from = place(line.from);
      for (const target of line.to) {
        const to = place(target);
        if (from !== undefined && to !== undefined) arcs.push({ index: arcs.length, from, to, line });
      }
    }
    this.arcs = arcs;
    this.isComplete = isComplete;
    const leaving: Arc[][] = this.ids.map(() => []);
    const entering: Arc[][] = this.ids.map(() => []);
    for (const arc of arcs) {
      leaving[arc.from]?.push(arc);
      entering[arc.to]?.push(arc);
    }
    this.leaving = leaving;
    this.entering = entering;
  }

  /** `undefined` for a node that could not be read. */
  drafted(index: number): DraftNode | undefined {
    return this.draft.nodes.get(this.id(index));
  }

  node(index: number): FlowNode | undefined {
    return this.drafted(index)?.node;
  }

  id(index: number): string {
    return this.ids[index] ?? '';
  }

  out(index: number): readonly Arc[] {
    return this.leaving[index] ?? [];
  }

  in(index: number): readonly Arc[] {
    return this.entering[index] ?? [];
  }

  /** Whether some edges lead from one to the other; from a node to itself only in a loop. */
  reaches(from: number, to: number): boolean {
    this.reached[from] ??= this.reachable([from]);
    return this.reached[from]?.[to] === 1;
  }

  /** What lies behind the given nodes by one edge or more. `through` says which nodes a path may pass. */
  reachable(from: Iterable<number>, through: (index: number) => boolean = () => true): Uint8Array {
    const seen = new Uint8Array(this.ids.length);
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const { to } of this.out(at)) {
        if (seen[to] === 1) continue;
        seen[to] = 1;
        if (through(to)) open.push(to);
      }
    }
    return seen;
  }

  /** Against the edges: from where the given nodes can be reached, themselves included. */
  sources(of: Iterable<number>): Uint8Array {
    const seen = new Uint8Array(this.ids.length);
    const open = [...of];
    for (const index of open) seen[index] = 1;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const { from } of this.in(at)) {
        if (seen[from] === 1) continue;
        seen[from] = 1;
        open.push(from);
      }
    }
    return seen;
  }

  ofKind(kind: FlowNode['kind']): number[] {
    return this.ids.flatMap((_, index) => (this.node(index)?.kind === kind ? [index] : []));
  }
}
