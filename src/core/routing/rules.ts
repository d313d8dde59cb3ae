import type { LaneName } from './lane.js';
import type { Routable } from './opinion.js';
import { chainOf, dimensionOf, type Subject } from './subject.js';

/** Which messages a rule is about: all that is named must hold. */
export interface Match {
  readonly flow: string | null;
  readonly node: string | null;
  readonly handler: string | null;
  readonly tag: string | null;
  /** Values of dimensions, by name. */
  readonly dims: Readonly<Record<string, string>>;
  /** The attempt, from and up to, both included. */
  readonly attemptFrom: number;
  readonly attemptTo: number;
  /** Whose health counts: this subject, or one below it. Left out: anybody's. */
  readonly subject?: Subject;
}

/** What a business says about its messages, in a file beside the flows. */
export interface Rule {
  readonly code: string;
  readonly match: Match;
  readonly lane: LaneName | null;
  readonly minDelayMs: number;
  /** Most of these messages that run at once, in all engines together; left out: as many as there are. */
  readonly limit?: number;
  /** Most of these messages that begin in a time. */
  readonly rate?: { readonly max: number; readonly perMs: number };
  /** Of all calls of a subject among these messages, the share that may be retries; from 0 to 1. */
  readonly retryShare?: number;
  readonly reason: string;
}

/** What an operator says, above everything, and never for ever. */
export interface Override {
  readonly code: string;
  readonly match: Match;
  readonly lane: LaneName | null;
  /** Nothing is sent while it lasts. */
  readonly hold: boolean;
  /** Messages go although a circuit is open. */
  readonly ignoreCircuit: boolean;
  /**
   * What a circuit is taken for. `open`: nothing goes. `closed`: that of the match's subject keeps nothing back; where
   * the match names none, no circuit does.
   */
  readonly circuit?: 'open' | 'closed';
  /** Circuit and latency of the match's subject are taken for what they were when this came into force. */
  readonly freeze?: boolean;
  /** Database time at which it ends. */
  readonly until: number;
  readonly reason: string;
}

export function matches(match: Match, message: Routable): boolean {
  const { flow, node, handler, tag, dims, attemptFrom, attemptTo, subject } = match;
  if (flow !== null && flow !== message.flow) return false;
  if (node !== null && node !== message.node) return false;
  if (handler !== null && handler !== message.handler) return false;
  if (tag !== null && !message.tags.includes(tag)) return false;
  if (message.attempt < attemptFrom || message.attempt > attemptTo) return false;
  if (subject !== undefined && (message.subject === null || !chainOf(message.subject).includes(subject))) return false;
  const own = message.subject === null ? null : dimensionOf(message.subject);
  for (const name in dims) if (own?.name !== name || own.value !== dims[name]) return false;
  return true;
}

/** So many rules are asked one by one. */
const FEW = 32;

/** Places of rules in their list, by something that a message must have; `''`: those that name nothing of the kind. */
type Places = ReadonlyMap<string, readonly number[]>;

const indexes = new WeakMap<readonly Rule[], Places>();

/**
 * The rules that may be about a message, in their order. Of many rules it looks only at those that share with the message what
 * tells them apart best: with ten thousand rules for as many flows or partners, a decision asks a handful.
 */
export function rulesAbout(rules: readonly Rule[], message: Routable): readonly Rule[] {
  if (rules.length <= FEW) return rules;
  let index = indexes.get(rules);
  if (index === undefined) {
    index = indexOf(rules);
    indexes.set(rules, index);
  }
  const found: number[] = [];
  for (const key of keysOfMessage(message)) for (const at of index.get(key) ?? []) found.push(at);
  return found.sort((a, b) => a - b).map((at) => rules[at] as Rule);
}

/** Each rule stands under the one of its keys that the fewest share. */
function indexOf(rules: readonly Rule[]): Places {
  const shared = new Map<string, number>();
  for (const { match } of rules) for (const key of keysOfMatch(match)) shared.set(key, (shared.get(key) ?? 0) + 1);
  const places = new Map<string, number[]>();
  for (const [at, { match }] of rules.entries()) {
    let best = '';
    for (const key of keysOfMatch(match))
      if (best === '' || (shared.get(key) ?? 0) < (shared.get(best) ?? 0)) best = key;
    const place = places.get(best);
    if (place) place.push(at);
    else places.set(best, [at]);
  }
  return places;
}

function keysOfMatch({ flow, node, handler, tag, dims, subject }: Match): readonly string[] {
  const named = { flow, node, handler, tag, subject: subject ?? null };
  const keys = Object.entries(named).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]));
  return [...keys, ...Object.entries(dims).map(([name, value]) => `dim ${name}=${value}`)];
}

function keysOfMessage({ flow, node, handler, tags, subject }: Routable): readonly string[] {
  const keys = ['', `flow ${flow}`, `node ${node}`];
  if (handler !== null) keys.push(`handler ${handler}`);
  for (const tag of new Set(tags)) keys.push(`tag ${tag}`);
  if (subject === null) return keys;
  for (const name of chainOf(subject)) keys.push(`subject ${name}`);
  const own = dimensionOf(subject);
  if (own) keys.push(`dim ${own.name}=${own.value}`);
  return keys;
}
