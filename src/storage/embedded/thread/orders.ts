import type { Amend, Change, Find, Row, Table, Value } from '../../sql/session.js';
import type { LockLists } from '../../sql/sqlite-session.js';

export type Lists = readonly (readonly Value[])[];

/** A statement that answers nothing: it need not be waited for. */
export type Write =
  | readonly ['upsert' | 'insert' | 'lay', Table, Lists]
  | readonly ['amend', Amend, Lists]
  | readonly ['change', Change, Lists];

export type Question =
  | readonly ['lock', ids: readonly string[], columns: string, also: Find, keys: Lists]
  | readonly ['find', Find, Lists]
  | readonly ['rows', sql: string, values: readonly Value[]];

/**
 * One message to the thread that writes: what was gathered, a question, and how the transaction goes on. It crosses as
 * lists of lists, which costs less than flat lists and JSON texts: docs/adr/0095.
 */
export interface Order {
  /** Whether a transaction begins with it. */
  readonly begins: boolean;
  readonly writes: readonly Write[];
  readonly question: Question | null;
  readonly end: 'commit' | 'rollback' | 'close' | null;
}

/** Carries out orders, one after another. */
export interface Way {
  give(order: Order): Promise<Found>;
}

/** Of a short find its JSON text: objects with names cost the sender and the receiver more. */
export type Found = readonly Row[] | LockLists | string | null;

/** An error of the other thread: of its class nothing crosses but the name. */
export interface Fault {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
}

/** One for each order, in their order. */
export type Answer = { readonly found: Found } | { readonly fault: Fault };

export function unpacked(answer: Answer): Found {
  if ('found' in answer) return answer.found;
  const { message, ...rest } = answer.fault;
  throw Object.assign(new Error(message), rest);
}
