import { isPage, pageFrom, visitOf } from '../../../../src/core/definition/work/each.js';
import type { Instance } from '../../../../src/core/flow/instance.js';
import type { Changes } from '../../../../src/engine/ports/store.js';
import type { Block, EachBlock } from '../../flow/block.js';
import { growingIn } from '../../flow/items/added.js';

/** Items that have come at once. */
interface Page {
  readonly from: number;
  readonly texts: readonly string[];
}

/** I43, at every commit: items stand behind those that there are, without a gap and not in the place of another. */
export class AddedGuard {
  private readonly lists: ReadonlyMap<string, EachBlock>;
  private readonly pages = new Map<string, Page[]>();
  private readonly totals = new Map<string, number>();

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly wrong: (what: string) => void,
  ) {
    this.lists = growingIn(flows);
  }

  see({ instance }: { readonly instance: Instance }, { nodes, outputs }: Changes): void {
    if (this.lists.size === 0) return;
    const pages = nodes.filter(({ node, visit }) => isPage(visit) && this.lists.has(`${instance.flow} ${node}`));
    for (const { node, visit } of pages.sort((a, b) => a.visit - b.visit)) {
      const of = nameOf(instance.id, node, visitOf(visit));
      const from = pageFrom(visit);
      const total = this.totals.get(of) ?? 0;
      if (from !== total) this.wrong(`${of} keeps items from ${from} on, but has ${total}`);
      const kept = outputs.find((one) => one.node === node && one.visit === visit)?.output;
      const count = Array.isArray(kept) ? kept.length : Number(kept);
      this.totals.set(of, from + count);
      const first = this.lists.get(`${instance.flow} ${node}`)?.added?.first ?? 0;
      if (from >= first)
        this.pages.set(of, [
          ...(this.pages.get(of) ?? []),
          { from, texts: Array.isArray(kept) ? kept.map(String) : [] },
        ]);
    }
  }

  /** How many items a visit has. */
  totalOf = (instance: string, node: string, visit: number): number =>
    this.totals.get(nameOf(instance, node, visit)) ?? 0;

  /** What has come to a visit after its list was read, in order. */
  cameTo = (instance: string, node: string, visit: number): readonly Page[] =>
    this.pages.get(nameOf(instance, node, visit)) ?? [];
}

const nameOf = (instance: string, node: string, visit: number): string => `${instance} ${node}.${visit}`;
