import type { Edge, FlowNode } from '../definition.js';

/** What must be so for a node to begin once it has been entered. */
export interface Gate {
  /** Nodes of which none may be active. */
  readonly excluding: ReadonlySet<string>;
  /** The nodes of its section, which is entered and left as a whole; absent: the node alone. */
  readonly section?: ReadonlySet<string>;
  /** A node that must be active. */
  readonly milestone?: string;
  /** Nodes from which the milestone can be reached; itself included. */
  readonly leading: ReadonlySet<string>;
}

type Incoming = ReadonlyMap<string, readonly Edge[]>;
const NOBODY: ReadonlySet<string> = new Set();

/** The gates of the nodes that have one. */
export function gatesOf(nodes: readonly FlowNode[], incoming: Incoming): ReadonlyMap<string, Gate> {
  const gates = new Map<string, Gate>();
  for (const node of nodes) {
    if (node.kind === 'guard' || (!node.mutex && node.while === undefined)) continue;
    const { mutex, while: milestone } = node;
    const rivals = mutex ? nodes.filter((other) => other.kind !== 'guard' && other.mutex?.name === mutex.name) : [];
    const section = mutex?.section ? sectionOf(node.id, idsOf(rivals.filter(isInSection)), incoming) : undefined;
    gates.set(node.id, {
      excluding: new Set([...idsOf(rivals)].filter((id) => !section?.has(id))),
      leading: milestone === undefined ? NOBODY : leadingTo(milestone, incoming),
      ...(section && { section }),
      ...(milestone !== undefined && { milestone }),
    });
  }
  return gates;
}

const isInSection = (node: FlowNode): boolean => node.kind !== 'guard' && node.mutex?.section === true;
const idsOf = (nodes: readonly FlowNode[]): ReadonlySet<string> => new Set(nodes.map(({ id }) => id));

/** Those of some nodes that hang together with one of them by edges among them, whichever way these lead. */
function sectionOf(of: string, among: ReadonlySet<string>, incoming: Incoming): ReadonlySet<string> {
  const section = new Set([of]);
  for (let before = 0; before < section.size; ) {
    before = section.size;
    for (const id of among) {
      for (const { from } of incoming.get(id) ?? []) {
        if (!among.has(from) || section.has(id) === section.has(from)) continue;
        section.add(id).add(from);
      }
    }
  }
  return section;
}

function leadingTo(node: string, incoming: Incoming): ReadonlySet<string> {
  const seen = new Set([node]);
  for (const id of seen) for (const { from } of incoming.get(id) ?? []) seen.add(from);
  return seen;
}
