import type { InstanceView, NodeView } from '../../api/wire.js';

/** What is written of a node; `sluice run` knows as much without a server. */
export type ShownNode = Omit<NodeView, 'item' | 'items' | 'status' | 'via'>;

/** What is written of an instance. */
export interface ShownInstance extends Omit<InstanceView, 'play' | 'input' | 'vars' | 'arrivals' | 'ending' | 'nodes'> {
  readonly nodes: readonly ShownNode[];
}
