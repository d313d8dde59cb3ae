import { ROLES } from '../../config/people-roles.js';
import { newToken, tokenDigest } from '../../config/token.js';
import { nearest } from '../../language/report/nearest.js';
import { Refused, type Terminal, visible } from '../terminal.js';

export interface TokenOptions {
  readonly role: readonly string[];
  readonly group?: readonly string[];
  readonly until?: string;
}

/** Makes a token for somebody: tells it, for it is kept nowhere, and writes the entry for the file of people. */
export function token(name: string, { role, group = [], until }: TokenOptions, terminal: Terminal): number {
  const unknown = role.find((one) => !(ROLES as readonly string[]).includes(one));
  if (unknown !== undefined) {
    const meant = nearest(unknown, ROLES);
    const hint = meant ? ` (did you mean '${meant}'?)` : '';
    throw new Refused(`Expected --role to be some of ${ROLES.join(', ')}, but it has '${visible(unknown)}'${hint}.`, 2);
  }
  const made = newToken();
  const sha256 = tokenDigest(made).toString('hex');
  const entry = { name, roles: role, groups: group, sha256, ...(until !== undefined && { until }) };
  terminal.err(`The token of ${visible(name)}, shown once and stored nowhere: ${made}`);
  terminal.err('The entry for "people" in the file that SLUICE_PEOPLE names; the server reads it when it starts:');
  terminal.out(JSON.stringify(entry, null, 2));
  return 0;
}
