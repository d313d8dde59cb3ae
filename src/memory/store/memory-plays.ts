import type { InstanceStatus } from '../../core/flow/instance.js';
import type { Page } from '../../engine/ports/views.js';
import { type PlayFilter, type PlayRevision, PlayStore } from '../../engine/start/plays/play-store.js';
import { copy, keyName, type MemoryRows, order } from '../memory-store-rows.js';

type Written = Omit<PlayRevision, 'revision' | 'at'>;

/** Plays in maps. */
export class MemoryPlays extends PlayStore {
  constructor(private readonly rows: MemoryRows) {
    super();
  }

  async create(play: Written): Promise<PlayRevision | null> {
    return this.rows.plays.revisions.has(play.code) ? null : this.keep(play, 1);
  }

  async change(play: Written, before: number): Promise<PlayRevision | null> {
    const newest = this.rows.plays.revisions.get(play.code)?.at(-1);
    return newest?.revision === before ? this.keep(play, before + 1) : null;
  }

  async find(code: string): Promise<PlayRevision | null> {
    const newest = this.rows.plays.revisions.get(code)?.at(-1);
    return newest ? copy(newest) : null;
  }

  async liveOf(flow: string): Promise<readonly PlayRevision[]> {
    return this.newest().filter((one) => one.flow === flow && one.state === 'live');
  }

  async list({ flow, state, cursor = '', limit }: PlayFilter): Promise<Page<PlayRevision>> {
    const found = this.newest().filter(
      (one) => (flow ?? one.flow) === one.flow && (state ?? one.state) === one.state && one.code > cursor,
    );
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? (items.at(-1)?.code ?? null) : null };
  }

  async revisions(code: string, { cursor, limit }: { cursor?: string; limit: number }): Promise<Page<PlayRevision>> {
    const before = cursor === undefined ? Infinity : Number(cursor);
    const found = copy(this.rows.plays.revisions.get(code) ?? []).filter(({ revision }) => revision < before);
    const items = found.reverse().slice(0, limit);
    return { items, next: found.length > limit ? String(items.at(-1)?.revision) : null };
  }

  async counts(code: string): Promise<Readonly<Partial<Record<InstanceStatus, number>>>> {
    const counts: Partial<Record<InstanceStatus, number>> = {};
    for (const [id, play] of this.rows.plays.started) {
      const status = this.rows.instances.get(id)?.status;
      if (play === code && status) counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  async startedAs(flow: string, receipt: string): Promise<string | null> {
    const known = this.rows.receipts.get(keyName(flow, receipt));
    return known && known.expiresAt > this.rows.clock.now() ? known.instance : null;
  }

  private keep(play: Written, revision: number): PlayRevision {
    const kept = copy({ ...play, revision, at: this.rows.clock.now() });
    const before = this.rows.plays.revisions.get(play.code) ?? [];
    this.rows.plays.revisions.set(play.code, [...before, kept]);
    return copy(kept);
  }

  private newest(): PlayRevision[] {
    const all = [...this.rows.plays.revisions.values()].flatMap((some) => some.at(-1) ?? []);
    return copy(all).sort((a, b) => order(a.code, b.code));
  }
}
