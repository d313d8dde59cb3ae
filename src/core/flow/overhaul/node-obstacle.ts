import { canonical } from '../../definition/compare/compare.js';
import type { Definition, FlowNode } from '../../definition/definition.js';
import { isHeldBack, type NodeInstance } from '../instance.js';
import type { Obstacle } from './whole-instance.js';

/** Why an active node instance cannot go on in the new version; `null`: it can. */
export function nodeObstacle(from: Definition, to: Definition, row: NodeInstance): Obstacle | null {
  const { node, visit, status } = row;
  const refuse = (code: Obstacle['code'], message: string): Obstacle => ({ node, visit, code, message });
  const [old, fresh] = [from.nodes.get(node), to.nodes.get(node)];
  if (!old || !fresh) return refuse('NODE_GONE', `Expected a node '${node}' in the new version, but there is none.`);
  if (old.kind !== fresh.kind) {
    return refuse('OTHER_KIND', `Expected '${node}' to be a ${old.kind} still, but it is a ${fresh.kind}.`);
  }
  if (status === 'cancelling') {
    return refuse('STOPPING', `Expected '${node}' to be at rest or at work, but it is being stopped. Try again soon.`);
  }
  const begun = (definition: Definition, of: FlowNode): string =>
    canonical([whatItDoes(of), watchersOf(definition, node), isHeldBack(row) ? gateOf(of) : null]);
  if (begun(from, old) === begun(to, fresh)) return null;
  const message = `Expected '${node}' to do what it has begun, but the new version says otherwise what it waits for or asks.`;
  return refuse('WAITS_FOR_ANOTHER', message);
}

/** What was entered with the node watches at its border; nothing would enter another one. */
const watchersOf = ({ nodes }: Definition, host: string): FlowNode[] =>
  [...nodes.values()].filter((node) => node.kind === 'guard' && node.host === host);

/** Who has not begun waits for other nodes; a node without a gate would never let it begin. */
const gateOf = (node: FlowNode): unknown => (node.kind === 'guard' ? null : [node.mutex ?? null, node.while ?? null]);

/** What a node instance has asked for already, so that another answer would not fit: the rest applies from now on. */
function whatItDoes(node: FlowNode): unknown {
  switch (node.kind) {
    case 'task':
      // A task is asked anew in every attempt, but a tree or a sequence remembers what it has done.
      return [node.work ?? null, node.tcc ?? null, node.each ?? null, node.remote === true, node.lease === true];
    case 'call':
      return [node.flow, node.detach, node.each ?? null];
    case 'wait':
      return [node.message, node.match];
    case 'manual':
      return [node.assignee, node.in];
    case 'gateway':
      return [node.mode, node.split ?? null];
    case 'start':
    case 'end':
    case 'set':
    case 'join':
    case 'timer':
      return null;
    default:
      return node;
  }
}
