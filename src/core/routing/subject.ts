/**
 * Whose health is watched: a handler, a handler for one value of a dimension (`payment.disburse[bank=bankC]`), and
 * that value over all handlers (`bank=bankC`).
 */
export type Subject = string;

/** A business dimension and its value for one message: one bank, one channel. */
export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** Longest name and value of a dimension that are told apart; what is longer is cut. */
const LONGEST = 100;

/** Handlers that anybody may be behind: their own name says nothing about a partner. */
const GENERIC: ReadonlySet<string> = new Set(['http', 'rules', 'sequence']);

/** Who is behind a task, as far as its handler tells: the handler, or for `http` the one node that it is used in. */
export const partnerOf = (handler: string, { flow, node }: { readonly flow: string; readonly node: string }): string =>
  GENERIC.has(handler) ? `${handler}:${flow}.${node}` : handler;

/** The most specific subject of a dispatch. */
export function subjectOf(partner: string, dimension: Dimension | null): Subject {
  if (dimension === null) return partner;
  const name = dimension.name.slice(0, LONGEST).replaceAll(/[[\]=]/g, '_');
  return `${partner}[${name}=${dimension.value.slice(0, LONGEST)}]`;
}

/** From the most specific to the least. The first is the leaf; the others are its parents. */
export function chainOf(subject: Subject): readonly Subject[] {
  const at = subject.indexOf('[');
  return at < 0 ? [subject] : [subject, subject.slice(at + 1, -1), subject.slice(0, at)];
}

/** The dimension of a subject, if it has one. */
export function dimensionOf(subject: Subject): Dimension | null {
  const open = subject.indexOf('[');
  const equals = subject.indexOf('=', open);
  if (open < 0 || equals < 0) return null;
  return { name: subject.slice(open + 1, equals), value: subject.slice(equals + 1, -1) };
}
