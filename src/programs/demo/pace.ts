import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../engine/ports/clock.js';

/** How simulated partners take their time. On the engine's clock, so that tests need not wait. */
@Injectable()
export class Pace {
  /** Times asked, by idempotency key; forgotten with the process, as a partner's answer may be asked for anew. */
  private readonly asked = new LRUCache<string, number>({ max: 10_000 });

  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /** Work of 20 to 100 ms, the same for the same thing. */
  work(thing: string): Promise<void> {
    return this.take(20 + spread(thing, 81));
  }

  take(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.schedule(ms, resolve));
  }

  /** How often this was asked, this time counted. */
  count(key: string): number {
    const count = (this.asked.get(key) ?? 0) + 1;
    this.asked.set(key, count);
    return count;
  }
}

/** A number from 0 to below `bound` that depends on the text alone (FNV-1a). */
export function spread(text: string, bound: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % bound;
}
