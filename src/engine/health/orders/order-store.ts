import type { JsonObject } from '../../../core/json.js';
import type { NamedLane } from '../../../core/routing/lane.js';
import type { Override } from '../../../core/routing/rules.js';
import type { Page } from '../../ports/views.js';

/** Who put something in force, and when; database time. */
export interface Signed {
  readonly by: string;
  readonly at: number;
}

export type StoredOverride = Override & Signed;

/** A published set of rules; never changed once it is stored. */
export interface StoredRules extends Signed {
  /** From 1; the highest is in force. */
  readonly version: number;
  readonly sha256: string;
  /** The YAML, as published. */
  readonly source: string;
  /** Why it was published; `null`: nobody said. */
  readonly note: string | null;
  /** The version whose content it brought back; `null`: it is new. */
  readonly restores: number | null;
}

export type NewRules = Omit<StoredRules, 'version' | 'at'>;

export type RoutingChangeKind =
  | 'override.set'
  | 'override.removed'
  | 'rules.published'
  | 'rules.restored'
  | 'lane.opened'
  | 'lane.changed'
  | 'lane.closing'
  | 'lane.closed'
  | 'lane.gone';

/** One line of the change log. */
export interface RoutingChange extends Signed {
  /** From 1, without gaps; engines look for the highest. */
  readonly id: number;
  readonly kind: RoutingChangeKind;
  /** The code of the override, the version of the rules, or the name of the lane. */
  readonly ref: string;
  readonly reason: string | null;
  /** What was put in force, or was taken out of it. */
  readonly detail: JsonObject;
}

export interface StoredOrders {
  /** The last change that is in it. */
  readonly change: number;
  readonly rules: StoredRules | null;
  /** Those that have not ended, in the order in which they were set. */
  readonly overrides: readonly StoredOverride[];
  /** Named lanes that are not gone, by their numbers. */
  readonly lanes: readonly NamedLane[];
}

/** What people tell the router beside the files: each change is one transaction with its line in the change log. */
export abstract class OrderStore {
  /** Number of the last change; 0 before the first. One look into an index. */
  abstract lastChange(): Promise<number>;
  abstract inForce(): Promise<StoredOrders>;
  /** Stores a set of rules under the next version; the content of the newest answers with that one. */
  abstract publish(rules: NewRules): Promise<{ readonly rules: StoredRules; readonly created: boolean }>;
  abstract rules(version: number): Promise<StoredRules | null>;
  /** Newest first. */
  abstract versions(page: { readonly cursor?: string; readonly limit: number }): Promise<Page<StoredRules>>;
  /** Puts an override in force; one of the same code is replaced. */
  abstract set(override: Override, by: string): Promise<StoredOverride>;
  /** Answers whether it was there. */
  abstract remove(code: string, by: string, reason: string | null): Promise<boolean>;
  /** Newest first. */
  abstract changes(page: { readonly cursor?: string; readonly limit: number }): Promise<Page<RoutingChange>>;
}
