/**
 * For each node the nearest one that every way from a root leads through; `ROOT` where there is none but the root
 * itself. Nodes that no root leads to have none.
 *
 * @param order each node after those it can be entered from, but for loops
 * @param into from where a node is entered; `ROOT` is where ways begin
 */
export class Dominators {
  private readonly nearest = new Map<number, number>();
  private readonly depth = new Map<number, number>([[ROOT, 0]]);

  constructor(order: readonly number[], into: (node: number) => readonly number[]) {
    const places = new Map(order.map((node, place) => [node, place]));
    const place = (node: number): number => (node === ROOT ? -1 : (places.get(node) ?? -1));
    const common = (a: number, b: number): number => {
      let [first, second] = [a, b];
      while (first !== second) {
        if (place(first) > place(second)) first = this.nearest.get(first) ?? ROOT;
        else second = this.nearest.get(second) ?? ROOT;
      }
      return first;
    };
    for (let isSettled = false; !isSettled; ) {
      isSettled = true;
      for (const node of order) {
        const known = into(node).filter((from) => from === ROOT || this.nearest.has(from));
        if (known.length === 0) continue;
        const found = known.reduce(common);
        if (this.nearest.get(node) === found) continue;
        this.nearest.set(node, found);
        isSettled = false;
      }
    }
    for (const node of order) {
      const over = this.nearest.get(node);
      if (over !== undefined) this.depth.set(node, (this.depth.get(over) ?? 0) + 1);
    }
  }

  /** The node itself, and all that every way to it leads through, the nearest first. */
  *above(node: number): Generator<number> {
    if (!this.nearest.has(node)) return;
    for (let at = node; at !== ROOT; at = this.nearest.get(at) ?? ROOT) yield at;
  }

  /** Every way to the one leads through the other, or they are the same. */
  has(node: number, through: number): boolean {
    const target = this.depth.get(through);
    if (target === undefined) return false;
    let at = node;
    while ((this.depth.get(at) ?? 0) > target) at = this.nearest.get(at) ?? ROOT;
    return at === through;
  }

  /** The nearest node through which the ways to all of them lead, that is one of those asked for. */
  nearestOfAll(nodes: readonly number[], isWanted: (node: number) => boolean): number | null {
    const [first, ...others] = nodes.filter((node) => this.nearest.has(node));
    if (first === undefined) return null;
    for (const node of this.above(first)) {
      if (isWanted(node) && others.every((other) => this.has(other, node))) return node;
    }
    return null;
  }
}

export const ROOT = -1;
