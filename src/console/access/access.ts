import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { newToken, tokenDigest } from '../../config/token.js';
import type { Asker } from '../../core/definition/control/may-complete.js';
import type { Person } from './read-people.js';

/** Wrong tokens that an address may present in a minute before it is told to wait. */
const FAILURES = 10;
const WINDOW_MS = 60_000;
const ADDRESSES = 10_000;

export type AccessAnswer =
  | { readonly type: 'granted'; readonly asker: Asker }
  | { readonly type: 'missing' | 'wrong' | 'ended' }
  | { readonly type: 'limited'; readonly seconds: number };

/** Whoever has the token that was chosen or printed at start. */
const ADMIN: Asker = { name: 'admin', roles: ['admin'], groups: [] };

export interface AccessClocks {
  /** Milliseconds of any clock that never goes back. */
  readonly elapsed: () => number;
  /** Milliseconds since 1970, for tokens that end. */
  readonly now: () => number;
}

const CLOCKS: AccessClocks = { elapsed: () => performance.now(), now: () => Date.now() };

/** Who may use the API: whoever has the admin token, and the people who were given one of their own. */
export class Access {
  readonly token: string;
  /** True when nobody chose the token: it must be shown once. */
  readonly random: boolean;
  readonly #digest: Buffer;
  readonly #failures = new LRUCache<string, number[]>({ max: ADDRESSES });

  /** @param token `null`: a random one. */
  constructor(
    token: string | null,
    private readonly people: readonly Person[] = [],
    private readonly clocks: AccessClocks = CLOCKS,
  ) {
    this.random = token === null;
    this.token = token ?? newToken();
    this.#digest = tokenDigest(this.token);
  }

  /** Judges an Authorization header. Digests are compared, all of them, so that the time taken tells nothing of a token. */
  judge(header: string | undefined, address: string): AccessAnswer {
    const elapsed = this.clocks.elapsed();
    const recent = (this.#failures.get(address) ?? []).filter((at) => at > elapsed - WINDOW_MS);
    const oldest = recent[0];
    if (recent.length >= FAILURES && oldest !== undefined) {
      return { type: 'limited', seconds: Math.ceil((oldest + WINDOW_MS - elapsed) / 1_000) };
    }
    if (header === undefined) return { type: 'missing' };
    const presented = tokenDigest(/^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '');
    const person = this.people.filter((one) => timingSafeEqual(presented, one.digest)).at(0);
    if (timingSafeEqual(presented, this.#digest)) return { type: 'granted', asker: ADMIN };
    if (person && (person.until === null || person.until > this.clocks.now())) {
      const { name, roles, groups } = person;
      return { type: 'granted', asker: { name, roles, groups } };
    }
    this.#failures.set(address, [...recent, elapsed]);
    return { type: person ? 'ended' : 'wrong' };
  }
}
