import { ITEMS_FROM } from '../../core/definition/work/each.js';
import { type Json, jsonBytes } from '../../core/json.js';
import { err, type Result } from '../../core/result.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Identity } from '../ports/identity.js';
import type { Views } from '../ports/views.js';
import { operate, type Refusal } from './operate-instance.js';

/** As of a message. */
const MAX_BYTES = 64 * 1024;

export interface AddCommand {
  readonly instance: string;
  readonly node: string;
  /** Left out: the newest. */
  readonly visit?: number;
  readonly items: readonly Json[];
  /** No more are to come after these. */
  readonly closes: boolean;
  /**
   * How many items there were when the person looked: if there are others by now, nothing is added. Whoever did not
   * hear the answer can so ask again. Left out: however many there are.
   */
  readonly seen?: number;
  readonly by: string;
}

export type AddRefusal = Refusal | { readonly reason: 'too-large'; readonly message: string };

/** Adds items to those of a node with `each` that takes more. */
export class AddItems {
  constructor(
    private readonly commits: CommitEvents,
    private readonly views: Views,
    private readonly identity: Identity,
  ) {}

  async execute(command: AddCommand): Promise<Result<null, AddRefusal>> {
    const { instance, node, items, closes, seen = null, by } = command;
    const bytes = jsonBytes(items);
    if (bytes > MAX_BYTES) {
      const message = `Expected items of at most ${MAX_BYTES} bytes as JSON, but they have ${bytes}. Add them in parts.`;
      return err({ reason: 'too-large', message });
    }
    const visit = command.visit ?? (await this.newestOf(instance, node));
    const word = this.identity.next();
    const event = { type: 'each.added', at: 0, node, visit, items, closes, seen, word, by } as const;
    return operate({ commits: this.commits, views: this.views }, instance, event);
  }

  private async newestOf(instance: string, node: string): Promise<number> {
    const { items } = await this.views.states([instance]);
    const visits = (items[0]?.nodes ?? []).filter((row) => row.node === node && row.visit < ITEMS_FROM);
    return Math.max(1, ...visits.map(({ visit }) => visit));
  }
}
