import { STATUS_CODES } from 'node:http';

/** One fault of a request: where (a JSON pointer) and what. */
export interface Violation {
  readonly pointer: string;
  readonly message: string;
}

export interface ProblemExtras {
  readonly violations?: readonly Violation[];
  /** Members of the answer beside the standard ones. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal as the client gets it: `application/problem+json` with a code that never changes. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(message);
  }

  /** The body. `request` finds the log line that belongs to it. */
  body(request: string): Record<string, unknown> {
    const { violations, members } = this.extras;
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(violations ? { violations } : {}),
      ...members,
      request,
    };
  }
}

/** Seconds after which asking again makes sense while the database is away. */
const AWAY_SECONDS = '5';

export const storeAway = (): Problem =>
  new Problem(
    503,
    'STORE_AWAY',
    'Expected the database to answer, but it is away. Send the same request again soon: what was done is not done twice.',
    { headers: { 'retry-after': AWAY_SECONDS } },
  );

/** There is more work than is sensible to add to. */
export const busy = (message: string): Problem =>
  new Problem(429, 'BUSY', message, { headers: { 'retry-after': '1' } });
