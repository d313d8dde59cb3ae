import type { Orders } from '../router.js';
import type { StoredOrders } from './order-store.js';

/** What this process goes by, and where it comes from. */
export interface InForce {
  /** From the folder of definitions, of files that are or were sound. */
  readonly files: Orders;
  readonly stored: StoredOrders;
  /** The set of rules that counts: the newest that could be read. */
  readonly rules: Orders['rules'];
  /** Lanes that it declares. */
  readonly lanes: NonNullable<Orders['lanes']>;
}

/** What people tell the router, from files and from the database, as this process obeys it. */
export abstract class OrdersInForce {
  abstract readonly current: InForce;
  /** Looks whether there is anything new, and obeys it. Never rejects: what is in force stays while the database is away. */
  abstract refresh(): Promise<void>;
  /** After a change was stored: obeys it here, and tells every other engine to look. Never rejects. */
  abstract announce(): Promise<void>;
  /** What the router would go by with other published rules: those of files keep their place behind them. */
  abstract with(rules: Orders['rules']): Orders['rules'];
}
