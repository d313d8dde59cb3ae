import { createHash, randomBytes } from 'node:crypto';

/** 256 bits of chance, in a form that is recognised when it leaks. */
export const newToken = (): string => `slc_${randomBytes(32).toString('base64url')}`;

/** SHA-256: what may be stored of a token, because nobody gets from it to the token. */
export const tokenDigest = (token: string): Buffer => createHash('sha256').update(token).digest();
