import type { Clock } from '../ports/clock.js';
import type { DeliveryFacts, DeliveryRead, Store } from '../ports/store.js';
import { whileAway } from '../while-away.js';
import type { DatabaseClock } from './database-clock.js';

/** Most deliveries read by one statement. */
const MOST = 200;
/** Reads in flight at once; what arrives meanwhile is the next one. */
const AT_ONCE = 2;

interface Asked {
  readonly read: DeliveryRead;
  readonly answer: (facts: DeliveryFacts) => void;
  readonly refuse: (fault: unknown) => void;
}

/** Reads what deliveries need, many at a time. Keeps asking while the database is away; prefetch bounds who waits. */
export class DeliveryReader {
  private asked: Asked[] = [];
  private reading = 0;
  private woken = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly databaseClock: DatabaseClock,
  ) {}

  read(read: DeliveryRead): Promise<DeliveryFacts> {
    return new Promise((answer, refuse) => {
      this.asked.push({ read, answer, refuse });
      if (this.woken || this.reading >= AT_ONCE) return;
      this.woken = true;
      // One turn later: the deliveries of one network packet share a statement.
      queueMicrotask(() => {
        this.woken = false;
        void this.flush();
      });
    });
  }

  private async flush(): Promise<void> {
    while (this.asked.length > 0 && this.reading < AT_ONCE) {
      const batch = this.asked.splice(0, MOST);
      this.reading++;
      void this.ask(batch).then(() => {
        this.reading--;
        return this.flush();
      });
    }
  }

  private async ask(batch: readonly Asked[]): Promise<void> {
    try {
      const { now, facts } = await whileAway(this.clock, () => this.store.read(batch.map(({ read }) => read)));
      this.databaseClock.read(now);
      for (const [at, { answer }] of batch.entries()) answer(facts[at] as DeliveryFacts);
    } catch (fault) {
      for (const { refuse } of batch) refuse(fault);
    }
  }
}
