import { ExpressionFailure } from '../../../core/expression.js';
import { PermanentError } from '../../ports/handlers.js';

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/** The failure of one part as that of the whole: with its code, as permanent as it was, and told where it was. */
export function passedOn(reason: unknown, where: string): Error {
  const message = `${where} ${reason instanceof Error ? reason.message : String(reason)}`;
  if (reason instanceof ExpressionFailure) return new PermanentError(reason.code, message);
  const { code, name } = Object(reason) as { code?: unknown; name?: unknown };
  const known = typeof code === 'string' && CODE.test(code) ? code : 'HANDLER_ERROR';
  if (name === 'PermanentError') return new PermanentError(known, message);
  return Object.assign(new Error(message), { code: known });
}
