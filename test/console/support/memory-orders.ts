import type { Override } from '../../../src/core/routing/rules.js';
import {
  type NewRules,
  OrderStore,
  type RoutingChange,
  type StoredOrders,
  type StoredOverride,
  type StoredRules,
} from '../../../src/engine/health/orders/order-store.js';
import type { Page } from '../../../src/engine/ports/views.js';

interface Asked {
  readonly cursor?: string;
  readonly limit: number;
}

/** What people tell the router, in lists. `now` stands for the database's clock. */
export class MemoryOrders extends OrderStore {
  readonly log: RoutingChange[] = [];
  readonly published: StoredRules[] = [];
  failure: Error | null = null;
  private overrides: StoredOverride[] = [];

  constructor(private readonly now: () => number) {
    super();
  }

  override async lastChange(): Promise<number> {
    if (this.failure) throw this.failure;
    return this.log.length;
  }

  override async inForce(): Promise<StoredOrders> {
    if (this.failure) throw this.failure;
    const overrides = this.overrides.filter(({ until }) => until > this.now());
    return { change: this.log.length, rules: this.published.at(-1) ?? null, overrides, lanes: [] };
  }

  override async publish(rules: NewRules): Promise<{ rules: StoredRules; created: boolean }> {
    const newest = this.published.at(-1);
    if (newest?.sha256 === rules.sha256) return { rules: newest, created: false };
    const stored = { ...rules, version: this.published.length + 1, at: this.now() };
    this.published.push(stored);
    const kind = rules.restores === null ? 'rules.published' : 'rules.restored';
    this.note({ kind, ref: String(stored.version), by: rules.by, reason: rules.note });
    return { rules: stored, created: true };
  }

  override async rules(version: number): Promise<StoredRules | null> {
    return this.published.find((one) => one.version === version) ?? null;
  }

  override async versions(asked: Asked): Promise<Page<StoredRules>> {
    return pageOf(this.published, asked, ({ version }) => version);
  }

  override async set(override: Override, by: string): Promise<StoredOverride> {
    const stored = { ...override, by, at: this.now() };
    this.overrides = [...this.overrides.filter(({ code }) => code !== override.code), stored];
    this.note({ kind: 'override.set', ref: override.code, by, reason: override.reason });
    return stored;
  }

  override async remove(code: string, by: string, reason: string | null): Promise<boolean> {
    const found = this.overrides.some((one) => one.code === code);
    this.overrides = this.overrides.filter((one) => one.code !== code);
    if (found) this.note({ kind: 'override.removed', ref: code, by, reason });
    return found;
  }

  override async changes(asked: Asked): Promise<Page<RoutingChange>> {
    return pageOf(this.log, asked, ({ id }) => id);
  }

  private note(change: Pick<RoutingChange, 'kind' | 'ref' | 'by' | 'reason'>): void {
    this.log.push({ ...change, id: this.log.length + 1, at: this.now(), detail: {} });
  }
}

function pageOf<T>(rows: readonly T[], { cursor, limit }: Asked, key: (row: T) => number): Page<T> {
  const rest = rows.toReversed().filter((row) => cursor === undefined || key(row) < Number(cursor));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rest.length > limit && last ? String(key(last)) : null };
}
