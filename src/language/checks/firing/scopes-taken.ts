import { cancelledBy, scopesOf } from '../../../core/definition/control/scopes.js';
import type { DraftLine } from '../../structure/draft.js';
import type { Graph } from '../graph.js';

/** Lines that cancel scopes, and with them whoever would wait for what is not taken then. */
export class ScopesTaken {
  private readonly scopes: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(
    private readonly graph: Graph,
    private readonly waits: (index: number) => boolean,
  ) {
    this.scopes = scopesOf([...graph.draft.nodes.values()].map(({ node }) => node));
  }

  /** Whether every join that the node leads to is forgotten when the line is taken from it: with it, or with all that feeds it. */
  take(index: number, { when, from, to, cancels }: DraftLine): boolean {
    if (this.scopes.size === 0) return false;
    const plain = { when, from: from.id, to: to.map(({ id }) => id), ...(cancels && { cancels: cancels.names }) };
    const names = cancelledBy(plain, this.scopes);
    if (names.length === 0) return false;
    const inside = new Set(names.flatMap((name) => [...(this.scopes.get(name) ?? [])]));
    return this.graph.ids.every((id, join) => {
      if (!this.waits(join) || !this.graph.reaches(index, join) || inside.has(id)) return true;
      return this.graph.in(join).every((arc) => inside.has(this.graph.id(arc.from)));
    });
  }
}
