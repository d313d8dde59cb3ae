import { isWritten, withGuards } from '../../../src/core/definition/control/guards.js';
import type { Definition, Edge, Line } from '../../../src/core/definition/definition.js';
import type { Instance } from '../../../src/core/flow/instance.js';
import type { Changes } from '../../../src/engine/ports/store.js';

/** Two versions of every flow, which say the same with other numbers of lines and edges; starts get the one that is active. */
export class Versions {
  active = 1;
  private readonly second: ReadonlyMap<string, Definition>;

  constructor(private readonly first: ReadonlyMap<string, Definition>) {
    this.second = new Map([...first].map(([flow, definition]) => [flow, backwards(definition)]));
  }

  /** @param version left out: the one that is active. */
  at(flow: string, version = this.active): Definition | undefined {
    const definition = (version === 1 ? this.first : this.second).get(flow);
    return definition && this.kept(definition, version);
  }

  /** The same object for the same version: what is prepared of it is prepared once. */
  private kept(definition: Definition, version: number): Definition {
    const known = this.numbered.get(definition) ?? { ...definition, version };
    this.numbered.set(definition, known);
    return known;
  }

  private readonly numbered = new WeakMap<Definition, Definition>();
}

/** Which lines are tried first decides nothing in the flows that are drawn: their conditions exclude one another. */
function backwards(definition: Definition): Definition {
  // What branches have written apart is merged in the order of their edges.
  if ([...definition.nodes.values()].some((node) => 'merge' in node && node.merge)) return { ...definition };
  const edges: Edge[] = [];
  const lines = definition.lines.toReversed().map((line, index): Line => {
    const own = line.edges.toReversed().map((edge): Edge => ({ ...edge, line: index, index: edges.push(edge) - 1 }));
    return { ...line, index, to: own.map(({ to }) => to), edges: own };
  });
  const all = lines.flatMap((line) => line.edges);
  const written = new Map([...definition.nodes].filter(([, node]) => isWritten(node)));
  return { ...definition, nodes: withGuards(written, lines), lines, edges: all };
}

/** I41: an instance keeps its version, unless somebody moves it; then it says from which to which. */
export function movedWrongly(before: Instance, { instance, instanceChanged }: Changes): string | null {
  if (!instanceChanged || before.seq === 0) return null;
  const [was, is] = [before.state.moved ?? [], instance.state.moved ?? []];
  const last = is.at(-1);
  if (instance.version === before.version && is.length === was.length) return null;
  if (is.length === was.length + 1 && last?.from === before.version && last.to === instance.version) return null;
  return `${instance.id} went from version ${before.version} to ${instance.version}, and tells of ${JSON.stringify(is)}`;
}
