import { Receipt } from '../requests.js';
import { Problem } from './problem.js';

/** The header `Idempotency-Key`, of whatever is to be done once; `undefined`: there is none. */
export function readReceipt(header: string | undefined): string | undefined {
  if (header === undefined || Receipt.safeParse(header).success) return header;
  const message = 'expected 1 to 190 visible ASCII characters';
  const sentence = 'Expected the header Idempotency-Key to be 1 to 190 visible ASCII characters, but it is not.';
  throw new Problem(400, 'INVALID_REQUEST', sentence, { violations: [{ pointer: '', message }] });
}
