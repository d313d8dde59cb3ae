import type { Rule } from '../../core/routing/rules.js';
import type { OrderStore, StoredOrders, StoredRules } from '../../engine/health/orders/order-store.js';
import type { OrdersBus } from '../../engine/health/orders/orders-bus.js';
import { type InForce, OrdersInForce } from '../../engine/health/orders/orders-in-force.js';
import type { Orders } from '../../engine/health/router.js';
import type { Consumer } from '../../engine/ports/broker.js';
import type { Cancel, Clock } from '../../engine/ports/clock.js';
import type { Log } from '../../engine/ports/log.js';
import { readRouting } from '../../language/routing/read-routing.js';

/** Every engine obeys within a second: so often it looks for the number of the last change while nobody would tell it. */
const LOOK_MS = 500;
/** And so often when it is told of changes: for words that were lost. An idle engine asks little. */
const HEEDING_LOOK_MS = 5_000;

const NO_ORDERS: Orders = { rules: [], overrides: [], version: null };
const NOTHING_STORED: StoredOrders = { change: 0, rules: null, overrides: [], lanes: [] };

/**
 * Joins what files and the database say, and hands it to whoever routes. What is published or set over HTTP stands before
 * what files say, and hides what has the same code in them. Nothing that cannot be read or reached changes what is in force.
 */
export class FollowOrders extends OrdersInForce {
  private known: InForce = { files: NO_ORDERS, stored: NOTHING_STORED, rules: [], lanes: [] };
  private obey: (orders: Orders) => void = () => {};
  private looking: Promise<void> | null = null;
  private cancel: Cancel = () => {};
  private heeding: Consumer | null = null;
  private stopped = true;
  /** The database did not answer last time; that is told once. */
  private away = false;

  constructor(
    private readonly store: OrderStore,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly bus: OrdersBus,
  ) {
    super();
  }

  override get current(): InForce {
    return this.known;
  }

  override with(rules: readonly Rule[]): readonly Rule[] {
    return before(rules, this.known.files.rules);
  }

  /** Takes what the files say now, and looks into the database; goes on looking until it is closed. */
  async start(files: Orders, obey: (orders: Orders) => void): Promise<void> {
    this.obey = obey;
    this.stopped = false;
    this.files(files);
    await this.refresh();
    this.lookLater();
    // Not awaited: the broker may be away for long, and is looked for until it is there.
    void this.heed();
  }

  close(): void {
    this.stopped = true;
    this.cancel();
    void this.heeding?.stop();
  }

  /** The files say something else. */
  files(files: Orders): void {
    this.known = { ...this.known, files };
    this.tell();
  }

  override async refresh(): Promise<void> {
    // A look that began before the change it is asked about may have missed it.
    if (this.looking) await this.looking;
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    await this.looking;
  }

  override async announce(): Promise<void> {
    await Promise.all([this.bus.nudge(), this.refresh()]);
  }

  private async heed(): Promise<void> {
    try {
      const heeding = await this.bus.heed(() => void this.refresh());
      if (this.stopped) return void heeding.stop();
      this.heeding = heeding;
    } catch (fault) {
      this.log.warn('Nobody tells of new rules; the database is asked for them all the time.', {
        fault: String(fault),
      });
    }
  }

  private async look(): Promise<void> {
    try {
      const last = await this.store.lastChange();
      this.away = false;
      if (last === this.known.stored.change) return;
      const stored = await this.store.inForce();
      const before = this.known.stored.rules?.version;
      const read = stored.rules?.version === before ? null : this.read(stored.rules);
      this.known = { ...this.known, stored, ...read };
      this.tell();
      this.log.info('What people tell the router has changed.', {
        change: stored.change,
        rules: stored.rules?.version ?? null,
        overrides: stored.overrides.map(({ code }) => code),
      });
    } catch (fault) {
      if (this.away) return;
      this.away = true;
      this.log.warn('The rules could not be read; those in force stay.', { fault: String(fault) });
    }
  }

  /** `null`: a version that this program cannot read; the one before stays in force. */
  private read(stored: StoredRules | null): Pick<InForce, 'rules' | 'lanes'> | null {
    if (stored === null) return { rules: [], lanes: [] };
    const { routing, problems } = readRouting(stored.source, `rules v${stored.version}`, 'rules');
    if (routing) return { rules: routing.rules, lanes: routing.lanes };
    const [first] = problems;
    this.log.error('The published rules cannot be read; those in force stay.', {
      version: stored.version,
      problem: first?.message ?? 'unknown',
    });
    return null;
  }

  private tell(): void {
    const { files, stored, rules, lanes } = this.known;
    const published = stored.rules === null ? null : `v${stored.rules.version}`;
    const named = [published, files.version].filter((name) => name !== null);
    this.obey({
      rules: before(rules, files.rules),
      overrides: before(stored.overrides, files.overrides),
      version: named.length === 0 ? null : named.join('+'),
      lanes: [...lanes, ...(files.lanes ?? [])],
      named: stored.lanes,
    });
  }

  private lookLater(): void {
    if (this.stopped) return;
    this.cancel = this.clock.schedule(this.heeding ? HEEDING_LOOK_MS : LOOK_MS, () => {
      void this.refresh().then(() => this.lookLater());
    });
  }
}

/** The second list without what the first one says in its stead. */
function before<T extends { readonly code: string }>(first: readonly T[], second: readonly T[]): readonly T[] {
  const codes = new Set(first.map(({ code }) => code));
  return [...first, ...second.filter(({ code }) => !codes.has(code))];
}
