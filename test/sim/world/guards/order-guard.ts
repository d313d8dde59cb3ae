import { isUndo, visitOf } from '../../../../src/core/definition/work/each.js';
import { type Instance, isActive, isHeldBack, type NodeInstance } from '../../../../src/core/flow/instance.js';
import type { Changes } from '../../../../src/engine/ports/store.js';
import { allOf, type Block } from '../../flow/block.js';
import { nodesIn } from '../../flow/nodes-in.js';

interface Stored {
  readonly instance: Instance;
  /** As they are with the changes. */
  readonly nodes: ReadonlyMap<string, NodeInstance>;
}

/** Something ends when a row of the node comes to this: nothing that was active in these nodes is so afterwards. */
interface Ending {
  readonly node: string;
  readonly when: (row: NodeInstance, before: NodeInstance | undefined) => boolean;
  readonly nodes: ReadonlySet<string>;
  /** Only the visit of the same number is meant. */
  readonly isOne?: boolean;
}

/** What the blocks of a flow say of what may be under way beside what. */
interface Order {
  readonly exclusive: ReadonlySet<string>;
  /** The host of who begins only beside it. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly endings: readonly Ending[];
}

const hasBegun = (row: NodeInstance | undefined): boolean =>
  row !== undefined && isActive(row.status) && !isHeldBack(row);

/** I26 and I27, at every commit. */
export class OrderGuard {
  private readonly orders: ReadonlyMap<string, Order>;

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly wrong: (invariant: string, what: string) => void,
  ) {
    this.orders = new Map(Object.entries(flows).map(([flow, block]) => [flow, orderOf(block)]));
  }

  /** @param was the rows that change, as they were. */
  see(
    { instance, nodes }: Stored,
    { nodes: changed }: Changes,
    was: ReadonlyMap<string, NodeInstance | undefined>,
  ): void {
    const order = this.orders.get(instance.flow);
    if (!order) return;
    this.exclusion(instance, order, nodes);
    const before = (row: NodeInstance): NodeInstance | undefined => {
      const name = `${row.node}.${row.visit}`;
      return was.has(name) ? was.get(name) : row;
    };
    this.borders(instance, nodes);
    for (const row of changed) {
      const host = order.hosts.get(row.node);
      // Undoing it is bound by nothing.
      if (host !== undefined && !isUndo(row.visit)) this.besides(instance, row, before(row), host, nodes, before);
      for (const { node, when, nodes: ended, isOne } of order.endings) {
        if ((node !== row.node && !row.node.startsWith(`${node}@`)) || !when(row, before(row))) continue;
        for (const other of nodes.values())
          if (isOne && other.visit !== row.visit) continue;
          else if (
            ended.has(other.node) &&
            !isUndo(other.visit) &&
            isActive(other.status) &&
            // What participants have begun is settled beside.
            nodes.get(`${other.node}.${visitOf(other.visit)}`)?.status !== 'cancelling' &&
            isActive(before(other)?.status ?? 'done')
          )
            this.wrong(
              'I27',
              `${instance.id} gave up ${other.node}.${other.visit} by ${node}, but it is ${other.status}`,
            );
      }
    }
  }

  /** Who watches at the border of a node is there as long as that is. */
  private borders({ id }: Instance, nodes: Stored['nodes']): void {
    for (const { node, visit, status } of nodes.values()) {
      const [host, border] = node.split('@');
      if (border === undefined || !isActive(status)) continue;
      const isThere = [...nodes.values()].some((one) => one.node === host && isActive(one.status));
      if (!isThere) this.wrong('I27', `${id} watches by ${node}.${visit} for '${host}', which is over`);
    }
  }

  private exclusion({ id }: Instance, { exclusive }: Order, nodes: Stored['nodes']): void {
    if (exclusive.size === 0) return;
    const inside = [...nodes.values()].filter((row) => exclusive.has(row.node) && !isUndo(row.visit) && hasBegun(row));
    if (inside.length < 2) return;
    const names = inside.map(({ node, visit }) => `${node}.${visit}`).join(' and ');
    this.wrong('I26', `${id} has ${names} under way, which exclude one another`);
  }

  private besides(
    { id }: Instance,
    row: NodeInstance,
    before: NodeInstance | undefined,
    host: string,
    nodes: Stored['nodes'],
    was: (row: NodeInstance) => NodeInstance | undefined,
  ): void {
    const name = `${id} ${row.node}.${row.visit}`;
    const hosts = [...nodes.values()].filter(({ node, visit }) => node === host && !isUndo(visit));
    const isThere = hosts.some((one) => hasBegun(one) || hasBegun(was(one)));
    const begins = row.attempt > 0 && (before === undefined || isHeldBack(before)) && row.status !== 'skipped';
    if (begins && !isThere && row.status !== 'cancelled')
      this.wrong('I26', `${name} begins, but '${host}' is not there`);
    if (row.status !== 'skipped') return;
    if (hosts.some(hasBegun)) this.wrong('I26', `${name} is left out, but '${host}' is there`);
    if (hosts.length === 0) this.wrong('I26', `${name} is left out, but '${host}' may still come`);
  }
}

const isStrike = ({ node, status }: NodeInstance, before: NodeInstance | undefined): boolean =>
  node.includes('@') && status === 'done' && before?.status !== 'done';

function orderOf(flow: Block): Order {
  const exclusive = new Set<string>();
  const hosts = new Map<string, string>();
  const endings: Ending[] = [];
  for (const at of allOf(flow)) {
    if (at.kind === 'task' && at.plan.mutex) exclusive.add(at.id);
    if (at.kind === 'while') hosts.set(at.guest.id, at.host.id);
    if (at.kind === 'race' && at.rest === 'cancel') {
      const nodes = new Set(at.branches.flatMap(nodesIn));
      endings.push({ node: `${at.id}_join`, when: (_, before) => before === undefined, nodes });
    }
    if (at.kind === 'border' && at.interrupts)
      endings.push({ node: at.host.id, when: isStrike, nodes: new Set([at.host.id]), isOne: true });
    if (at.kind === 'scope') {
      const nodes = new Set(nodesIn(at.body));
      const isOver = ({ status }: NodeInstance, before: NodeInstance | undefined): boolean =>
        status === 'done' && before?.status !== 'done';
      if (at.how === 'error') endings.push({ node: `${at.id}_try`, when: isOver, nodes });
      if (at.how === 'cancels') endings.push({ node: `${at.id}_go`, when: isOver, nodes });
    }
  }
  return { exclusive, hosts, endings };
}
