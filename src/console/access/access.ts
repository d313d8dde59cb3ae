import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';

export type Role = 'admin';

/** Wrong tokens that an address may present in a minute before it is told to wait. */
const FAILURES = 10;
const WINDOW_MS = 60_000;
const ADDRESSES = 10_000;

export type AccessAnswer =
  | { readonly type: 'granted'; readonly role: Role }
  | { readonly type: 'missing' | 'wrong' }
  | { readonly type: 'limited'; readonly seconds: number };

/** Who may use the API: whoever has the token. */
export class Access {
  readonly token: string;
  /** True when nobody chose the token: it must be shown once. */
  readonly random: boolean;
  readonly #digest: Buffer;
  readonly #failures = new LRUCache<string, number[]>({ max: ADDRESSES });

  /**
   * @param token `null`: a random one.
   * @param now milliseconds of any clock that never goes back.
   */
  constructor(
    token: string | null,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.random = token === null;
    this.token = token ?? `slc_${randomBytes(32).toString('base64url')}`;
    this.#digest = digest(this.token);
  }

  /** Judges an Authorization header. Digests are compared, so that the time taken tells nothing of the token. */
  judge(header: string | undefined, address: string): AccessAnswer {
    const recent = (this.#failures.get(address) ?? []).filter((at) => at > this.now() - WINDOW_MS);
    const oldest = recent[0];
    if (recent.length >= FAILURES && oldest !== undefined) {
      return { type: 'limited', seconds: Math.ceil((oldest + WINDOW_MS - this.now()) / 1_000) };
    }
    if (header === undefined) return { type: 'missing' };
    const presented = /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '';
    if (timingSafeEqual(digest(presented), this.#digest)) return { type: 'granted', role: 'admin' };
    this.#failures.set(address, [...recent, this.now()]);
    return { type: 'wrong' };
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
