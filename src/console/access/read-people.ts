import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ADMIN_NAME, PERSON_NAME, ROLES } from '../../config/people-roles.js';
import type { Asker } from '../../core/definition/control/may-complete.js';

/** Somebody who may use the API, beside whoever has the admin token. */
export interface Person extends Asker {
  /** SHA-256 of the token. */
  readonly digest: Buffer;
  /** Milliseconds since 1970; `null`: the token does not end. */
  readonly until: number | null;
}

const name = z.string().regex(PERSON_NAME, 'expected 1 to 190 visible characters');

const People = z.strictObject({
  people: z.array(
    z.strictObject({
      name,
      roles: z.array(z.enum(ROLES)).min(1),
      groups: z.array(name).default([]),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a token, as `sluice token` writes it'),
      until: z.iso.datetime({ offset: true }).optional(),
    }),
  ),
});

/**
 * Reads the file of `SLUICE_PEOPLE`.
 *
 * @throws with everything that is wrong in it; no sentence repeats a digest.
 */
export function readPeople(file: string): readonly Person[] {
  const read = People.safeParse(jsonOf(file));
  const faults = read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const names = read.data?.people.map((person) => person.name) ?? [];
  const twice = names.find((one, at) => one === ADMIN_NAME || names.indexOf(one) !== at);
  if (twice !== undefined) faults.push(`people: the name '${twice}' is taken`);
  if (read.data === undefined || faults.length > 0) {
    throw new Error(`Expected people in ${file}, but: ${faults.join('; ')}. See docs/configuration.md.`);
  }
  return read.data.people.map(({ sha256, until, ...person }) => {
    return { ...person, digest: Buffer.from(sha256, 'hex'), until: until === undefined ? null : Date.parse(until) };
  });
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (fault) {
    const why = fault instanceof SyntaxError ? 'is none' : `cannot be read (${(fault as { code?: string }).code})`;
    throw new Error(`Expected SLUICE_PEOPLE to name a JSON file, but ${file} ${why}.`);
  }
}
