import { ADMIN_NAME, PERSON_NAME, ROLES } from '../../config/people-roles.js';
import { newToken, tokenDigest } from '../../config/token.js';
import { nearest } from '../../language/report/nearest.js';
import { moment } from '../../language/structure/parts.js';
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
  for (const [what, text] of [['the name', name] as const, ...group.map((one) => ['--group', one] as const)]) {
    if (PERSON_NAME.test(text)) continue;
    throw new Refused(`Expected ${what} to be 1 to 190 visible characters, but it is '${visible(text)}'.`, 2);
  }
  if (name === ADMIN_NAME)
    throw new Refused(`Expected another name than '${ADMIN_NAME}', but that is whoever has SLUICE_TOKEN.`, 2);
  if (until !== undefined && !moment.safeParse(until).success) {
    const example = 'a time with its zone, such as 2027-01-01T00:00:00Z';
    throw new Refused(`Expected --until to be ${example}, but it is '${visible(until)}'.`, 2);
  }
  const made = newToken();
  const sha256 = tokenDigest(made).toString('hex');
  const entry = { name, roles: role, groups: group, sha256, ...(until !== undefined && { until }) };
  terminal.err(`The token of ${visible(name)}, shown once and stored nowhere: ${made}`);
  terminal.err('The entry for "people" in the file that SLUICE_PEOPLE names; the server reads it when it starts:');
  terminal.out(JSON.stringify(entry, null, 2));
  return 0;
}
