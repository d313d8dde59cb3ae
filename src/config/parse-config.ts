import { isGroupName } from '../core/routing/lane.js';
import { SHORTEST_SECRET } from '../core/safe/mask.js';
import { SECRET_NAME } from '../core/safe/secret-use.js';
import { nearest } from '../language/report/nearest.js';
import type { Config, Role } from './config.js';
import { isLoopback } from './loopback.js';
import { readUrl } from './read-url.js';
import { FOREIGN, SETTINGS } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const ROLES: readonly Role[] = ['api', 'worker', 'maintainer'];

/** Fewer characters of a chosen token could be guessed. */
const SHORTEST_TOKEN = 16;

/**
 * Reads the settings. All that is wrong is told at once, each sentence with the name of its variable; no sentence
 * repeats a secret. An empty variable counts as unset.
 */
export function parseConfig(environment: Environment): { config: Config } | { faults: string[] } {
  const faults = unknownNames(environment);
  const text = (name: string): string => {
    const value = environment[name]?.trim();
    return value ? value : (SETTINGS.find((setting) => setting.name === name)?.byDefault ?? '');
  };
  const optional = (name: string): string | null => text(name) || null;
  const expect = (name: string, wanted: string, found: string): void => {
    faults.push(`Expected ${name} to be ${wanted}, but it is ${found}.`);
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T => {
    const value = text(name);
    if (allowed.includes(value as T)) return value as T;
    const meant = nearest(value, allowed);
    expect(name, `one of ${allowed.join(', ')}`, `'${value}'${meant ? ` (did you mean '${meant}'?)` : ''}`);
    return allowed[0] as T;
  };
  const flag = (name: string): boolean => oneOf(name, ['false', 'true']) === 'true';
  const matching = (name: string, pattern: RegExp, wanted: string): string => {
    const value = text(name);
    if (!pattern.test(value)) expect(name, wanted, `'${value}'`);
    return value;
  };
  const list = (name: string): string[] => [
    ...new Set(
      text(name)
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  ];

  const allowInsecure = flag('SLUICE_ALLOW_INSECURE');
  const databaseUrl = optional('SLUICE_DATABASE_URL');
  const brokerUrl = optional('SLUICE_BROKER_URL');
  const config: Config = {
    mode: databaseUrl ? 'servers' : 'embedded',
    databaseUrl,
    brokerUrl,
    delay: oneOf('SLUICE_DELAY', ['auto', 'plugin', 'ladder', 'database']),
    lanes: oneOf('SLUICE_LANES', ['durable', 'transient']),
    host: matching('SLUICE_HOST', /^[\w.:-]+$/, 'a host name or an address'),
    port: portOf(matching('SLUICE_PORT', /^\d{1,5}$/, 'a port, 0 to 65535'), expect),
    token: optional('SLUICE_TOKEN'),
    people: optional('SLUICE_PEOPLE'),
    definitions: text('SLUICE_DEFINITIONS'),
    plugins: optional('SLUICE_PLUGINS'),
    data: text('SLUICE_DATA'),
    httpAllow: list('SLUICE_HTTP_ALLOW'),
    secretsDir: optional('SLUICE_SECRETS_DIR'),
    secrets: secretsOf(environment, expect),
    roles: list('SLUICE_ROLES') as Role[],
    group: groupOf(text('SLUICE_GROUP'), expect),
    log: oneOf('SLUICE_LOG', ['debug', 'info', 'warn', 'error', 'silent']),
    migrate: flag('SLUICE_MIGRATE'),
    watchHealth: flag('SLUICE_WATCH_HEALTH'),
    topologyPrefix: matching('SLUICE_TOPOLOGY_PREFIX', /^[a-z][a-z0-9-]{0,31}$/, 'up to 32 small letters, digits or -'),
    allowInsecure,
  };
  faults.push(...roleFaults(config), ...listFaults(config), ...linkFaults(config), ...accessFaults(config));
  return faults.length > 0 ? { faults } : { config };
}

function unknownNames(environment: Environment): string[] {
  const known = SETTINGS.map(({ name }) => name);
  return Object.keys(environment)
    .filter((name) => name.startsWith('SLUICE_') && !known.includes(name) && !FOREIGN.test(name) && !isSecret(name))
    .sort()
    .map((name) => {
      const meant = nearest(name, known);
      return `Expected a known setting, but there is none named ${name}. ${meant ? `Did you mean ${meant}?` : 'Remove it.'}`;
    });
}

function groupOf(text: string, expect: (name: string, wanted: string, found: string) => void): string {
  if (!isGroupName(text)) expect('SLUICE_GROUP', 'up to 31 small letters, digits or -, a letter first', `'${text}'`);
  return text;
}

const SECRET_PREFIX = 'SLUICE_SECRET_';
const isSecret = (name: string): boolean => name.startsWith(SECRET_PREFIX);

/** As they are written, blanks and all. Their values are repeated nowhere. */
function secretsOf(
  environment: Environment,
  expect: (name: string, wanted: string, found: string) => void,
): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const [variable, value] of Object.entries(environment)) {
    if (!isSecret(variable) || !value) continue;
    const name = variable.slice(SECRET_PREFIX.length);
    const shortest = SHORTEST_SECRET;
    if (!SECRET_NAME.test(name))
      expect(variable, `${SECRET_PREFIX} and a name of letters, digits and _`, 'another name');
    else if (value.length < shortest) expect(variable, `a secret of ${shortest} characters or more`, 'shorter');
    else secrets[name] = value;
  }
  return secrets;
}

function portOf(text: string, expect: (name: string, wanted: string, found: string) => void): number {
  const port = Number(text);
  if (port > 65_535) expect('SLUICE_PORT', 'a port, 0 to 65535', text);
  return port;
}

function roleFaults({ roles, mode }: Config): string[] {
  const unknown = roles.filter((role) => !ROLES.includes(role));
  if (unknown.length > 0) {
    const meant = nearest(unknown[0] as string, ROLES);
    const hint = meant ? ` (did you mean '${meant}'?)` : '';
    return [`Expected SLUICE_ROLES to list some of ${ROLES.join(', ')}, but it has '${unknown[0]}'${hint}.`];
  }
  if (roles.length === 0)
    return [`Expected SLUICE_ROLES to list some of ${ROLES.join(', ')}, but it has none of them.`];
  if (mode === 'servers' || ROLES.every((role) => roles.includes(role))) return [];
  return [
    `Expected SLUICE_ROLES to be unset without servers, but it is '${roles.join(',')}'. An embedded process is alone and does everything.`,
  ];
}

function listFaults({ httpAllow }: Config): string[] {
  return httpAllow
    .filter((entry) => {
      const parts = /^(?:[\w.-]+|\[[\da-f:]+\])(?::(\d{1,5}))?$/i.exec(entry);
      return !parts || Number(parts[1] ?? 0) > 65_535;
    })
    .map((entry) => `Expected SLUICE_HTTP_ALLOW to list hosts as host or host:port, but it has '${entry}'.`);
}

/** The two links, each alone and both together. */
function linkFaults({ databaseUrl, brokerUrl, allowInsecure }: Config): string[] {
  const faults: string[] = [];
  if (databaseUrl && !brokerUrl) faults.push(alone('SLUICE_BROKER_URL', 'SLUICE_DATABASE_URL'));
  if (brokerUrl && !databaseUrl) faults.push(alone('SLUICE_DATABASE_URL', 'SLUICE_BROKER_URL'));
  if (databaseUrl) {
    const { url, fault } = readUrl(
      'SLUICE_DATABASE_URL',
      databaseUrl,
      ['mysql:'],
      'mysql://user:password@host:3306/database',
    );
    if (fault) faults.push(fault);
    if (url && url.pathname.length < 2)
      faults.push('Expected SLUICE_DATABASE_URL to end in a database, but it names none. Add /sluice.');
    const encrypted = url?.searchParams.get('ssl') === 'true';
    const isKnown = ([name, value]: readonly [string, string]) => name === 'ssl' && /^(true|false|1|0)$/.test(value);
    const strange = [...(url?.searchParams ?? [])].find((one) => !isKnown(one));
    if (strange) {
      const wanted = 'Expected SLUICE_DATABASE_URL to have nothing behind its ? but ssl=true or ssl=false';
      faults.push(`${wanted}, but it has ${strange[0] === 'ssl' ? 'another value' : strange[0]}. Correct it.`);
    } else if (url && !encrypted && !allowInsecure && !isLoopback(bare(url))) {
      faults.push(plain('SLUICE_DATABASE_URL', 'Add ?ssl=true'));
    }
  }
  if (brokerUrl) {
    const { url, fault } = readUrl(
      'SLUICE_BROKER_URL',
      brokerUrl,
      ['amqp:', 'amqps:'],
      'amqp://user:password@host:5672/',
    );
    if (fault) faults.push(fault);
    const remote = url !== null && !allowInsecure && !isLoopback(bare(url));
    if (remote && url.protocol === 'amqp:') faults.push(plain('SLUICE_BROKER_URL', 'Use amqps://'));
    if (remote && ['', 'guest'].includes(url.username)) {
      faults.push(
        'Expected SLUICE_BROKER_URL to name a user of its own, but it uses guest on another machine. Make a user, or set SLUICE_ALLOW_INSECURE=true.',
      );
    }
  }
  return faults;
}

function accessFaults({ host, token }: Config): string[] {
  if (token === null) {
    if (isLoopback(host)) return [];
    return [`Expected SLUICE_TOKEN to be set, but SLUICE_HOST is ${host}, which others can reach. Choose a token.`];
  }
  if (token.length >= SHORTEST_TOKEN && /^[\x21-\x7e]+$/.test(token)) return [];
  if (isLoopback(host) && /^[\x21-\x7e]+$/.test(token)) return [];
  return [
    `Expected SLUICE_TOKEN to be ${SHORTEST_TOKEN} or more visible ASCII characters, but it is not. Use a random one.`,
  ];
}

const alone = (missing: string, there: string): string =>
  `Expected ${missing} beside ${there}, but it is not set. Set both to use servers, or neither to run embedded.`;

const plain = (name: string, instead: string): string =>
  `Expected ${name} to be encrypted, but it goes to another machine in plain text. ${instead}, or set SLUICE_ALLOW_INSECURE=true.`;

const bare = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
