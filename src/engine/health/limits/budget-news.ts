import type { Calls } from '../../../core/routing/limits/retries.js';
import { POLICY } from '../../../core/routing/policy.js';
import { dimensionOf, type Subject } from '../../../core/routing/subject.js';
import type { OutgoingEvent } from '../../ports/broker.js';
import { keyOf } from '../sharing/circuit-news.js';

/** A rule keeps retries of a subject to a share of its calls, and one more would exceed it. */
export interface Spent extends Calls {
  readonly rule: string;
  readonly subject: Subject;
  readonly share: number;
}

/** Subjects that are remembered as told. */
const MOST = 1_000;

/**
 * Tells that a budget of retries is spent, and while it stays so once more in each minute. Every engine keeps to its own, so
 * several may say it of one subject; the id is theirs in common.
 */
export class BudgetNews {
  private readonly told = new Map<string, number>();

  of({ rule, subject, share, calls, retries }: Spent, now: number): readonly OutgoingEvent[] {
    const span = Math.floor(now / POLICY.alert.budgetMs);
    const name = `${rule} ${subject}`;
    if (this.told.get(name) === span) return [];
    if (this.told.size >= MOST) this.told.clear();
    this.told.set(name, span);
    const own = dimensionOf(subject);
    const dims = own ? { [own.name]: own.value } : {};
    const body = { rule, subject, dims, share, calls, retries, at: new Date(now).toISOString() };
    return [{ id: `budget:${rule}:${keyOf(subject)}:${span}`, routingKey: `budget.spent.${rule}`, body }];
  }
}
