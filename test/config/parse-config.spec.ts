import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Environment, parseConfig } from '../../src/config/parse-config.js';
import { printConfig } from '../../src/config/print-config.js';
import { SETTINGS } from '../../src/config/settings.js';

const servers = {
  SLUICE_DATABASE_URL: 'mysql://sluice:pw@127.0.0.1:3306/sluice',
  SLUICE_BROKER_URL: 'amqp://guest:guest@localhost:5672/',
};
const config = (environment: Environment) => {
  const answer = parseConfig(environment);
  if ('faults' in answer) throw new Error(answer.faults.join('\n'));
  return answer.config;
};
const faults = (environment: Environment): string[] => {
  const answer = parseConfig(environment);
  return 'faults' in answer ? answer.faults : [];
};

describe('parseConfig', () => {
  it('takes the name of a group of engines that lanes can be named after', () => {
    expect(config({ ...servers, SLUICE_GROUP: 'mail-2' }).group).toBe('mail-2');
    for (const name of ['Mail', '2mail', 'a@b', 'a.b', 'm'.repeat(32)])
      expect(faults({ ...servers, SLUICE_GROUP: name })).toEqual([
        `Expected SLUICE_GROUP to be up to 31 small letters, digits or -, a letter first, but it is '${name}'.`,
      ]);
  });

  it('runs embedded on loopback when nothing is set', () => {
    expect(config({ PATH: '/bin' })).toEqual({
      mode: 'embedded',
      databaseUrl: null,
      brokerUrl: null,
      delay: 'auto',
      host: '127.0.0.1',
      port: 3000,
      token: null,
      definitions: 'definitions',
      data: '.sluice',
      httpAllow: [],
      plugins: null,
      secretsDir: null,
      secrets: {},
      people: null,
      lanes: 'durable',
      roles: ['api', 'worker', 'maintainer'],
      group: 'default',
      log: 'info',
      migrate: false,
      watchHealth: true,
      topologyPrefix: 'sluice',
      allowInsecure: false,
    });
  });

  it('takes secrets by their names as they are written, and repeats none', () => {
    const found = config({
      SLUICE_SECRET_bankKey: ' four words of it ',
      SLUICE_SECRETS_DIR: '/run/secrets',
      SLUICE_SECRET_none: '',
    });
    expect(found).toMatchObject({ secrets: { bankKey: ' four words of it ' }, secretsDir: '/run/secrets' });
    expect(JSON.stringify(printConfig(found))).not.toContain('four words');
    expect(faults({ SLUICE_SECRET_x: 'abc', 'SLUICE_SECRET_a-b': 'abcdef', SLUICE_SECRET_: 'abcdef' })).toEqual([
      'Expected SLUICE_SECRET_x to be a secret of 4 characters or more, but it is shorter.',
      expect.stringMatching(/^Expected SLUICE_SECRET_a-b to be SLUICE_SECRET_ and a name/),
      expect.stringMatching(/^Expected SLUICE_SECRET_ to be SLUICE_SECRET_ and a name/),
    ]);
  });

  it('takes every setting', () => {
    const all = config({
      ...servers,
      SLUICE_DELAY: 'ladder',
      SLUICE_HOST: '::1',
      SLUICE_PORT: '0',
      SLUICE_TOKEN: 'a-token-of-some-length',
      SLUICE_DEFINITIONS: '/flows',
      SLUICE_DATA: '/data',
      SLUICE_HTTP_ALLOW: 'billing.internal, 10.0.0.7:8080,[::1]:80',
      SLUICE_LOG: 'debug',
      SLUICE_MIGRATE: 'true',
      SLUICE_TOPOLOGY_PREFIX: 'staging',
    });
    expect(all).toMatchObject({
      mode: 'servers',
      delay: 'ladder',
      host: '::1',
      port: 0,
      definitions: '/flows',
      data: '/data',
      httpAllow: ['billing.internal', '10.0.0.7:8080', '[::1]:80'],
      log: 'debug',
      migrate: true,
      topologyPrefix: 'staging',
      ...{ databaseUrl: servers.SLUICE_DATABASE_URL, brokerUrl: servers.SLUICE_BROKER_URL },
    });
  });

  it('takes roles on servers, and all of them without', () => {
    expect(config({ ...servers, SLUICE_ROLES: 'worker, maintainer' })).toMatchObject({
      roles: ['worker', 'maintainer'],
    });
    expect(config({ SLUICE_ROLES: 'maintainer,worker,api' }).mode).toBe('embedded');
    expect(faults({ SLUICE_ROLES: 'api' })).toEqual([expect.stringContaining('Expected SLUICE_ROLES to be unset')]);
    expect(faults({ ...servers, SLUICE_ROLES: 'wroker' })).toEqual([
      "Expected SLUICE_ROLES to list some of api, worker, maintainer, but it has 'wroker' (did you mean 'worker'?).",
    ]);
  });

  it.each([
    [{ ...servers, SLUICE_ROLES: ',' }, 'Expected SLUICE_ROLES to list some of'],
    [{ SLUICE_HTTP_ALLOW: 'billing.internal:99999' }, 'Expected SLUICE_HTTP_ALLOW to list hosts'],
    [{ ...servers, SLUICE_DATABASE_URL: 'mysql://a:b%zz@127.0.0.1/x' }, 'must be percent-encoded'],
    [{ ...servers, SLUICE_DATABASE_URL: 'mysql://a:b@127.0.0.1/x?sslmode=require' }, 'but it has sslmode.'],
    [{ ...servers, SLUICE_DATABASE_URL: 'mysql://a:b@127.0.0.1/x?ssl=yes' }, 'but it has another value.'],
  ])('%j would come to grief later: it is told at once', (environment, sentence) => {
    expect(faults(environment)).toEqual([expect.stringContaining(sentence)]);
  });

  it('counts an empty variable as unset', () => {
    expect(config({ SLUICE_DATABASE_URL: '', SLUICE_BROKER_URL: ' ', SLUICE_TOKEN: '' })).toMatchObject({
      mode: 'embedded',
      token: null,
    });
  });

  it('tells every fault at once, each with its variable', () => {
    const found = faults({
      SLUICE_PORT: '70000',
      SLUICE_DELAY: 'laddr',
      SLUICE_LOG: 'loud',
      SLUICE_HTTP_ALLOW: 'http://x/',
      SLUICE_MIGRATE: 'yes',
      SLUICE_BROKER_URL: 'http://broker/',
      SLUICE_TOPOLOGY_PREFIX: 'A.B',
    });
    for (const name of [
      'PORT',
      'DELAY',
      'LOG',
      'HTTP_ALLOW',
      'MIGRATE',
      'BROKER_URL',
      'DATABASE_URL',
      'TOPOLOGY_PREFIX',
    ]) {
      expect(found.filter((fault) => fault.includes(`Expected SLUICE_${name} `))).toHaveLength(1);
    }
    expect(found).toHaveLength(8);
    expect(found.join()).toContain("did you mean 'ladder'");
  });

  it('refuses a variable it does not know, with the name that was meant', () => {
    expect(faults({ SLUICE_TOKN: 'x' })).toEqual([
      'Expected a known setting, but there is none named SLUICE_TOKN. Did you mean SLUICE_TOKEN?',
    ]);
    expect(faults({ SLUICE_WHATEVER_ELSE: 'x' })).toHaveLength(1);
    expect(
      faults({
        SLUICE_URL: 'http://x',
        SLUICE_TEST_DATABASE_URL: 'x',
        SLUICE_BENCH_BROKER_URL: 'x',
        SLUICE_DATABASE_PASSWORD: 'x',
      }),
    ).toEqual([]);
  });

  it.each(['SLUICE_DATABASE_URL', 'SLUICE_BROKER_URL'] as const)('refuses %s alone', (name) => {
    expect(faults({ [name]: servers[name] })).toEqual([expect.stringContaining(`beside ${name}`)]);
  });

  it.each([
    [{ SLUICE_HOST: '0.0.0.0' }, 'SLUICE_TOKEN'],
    [{ SLUICE_HOST: '0.0.0.0', SLUICE_TOKEN: 'short' }, 'SLUICE_TOKEN'],
    [{ SLUICE_TOKEN: 'with a space in it, long' }, 'SLUICE_TOKEN'],
    [{ ...servers, SLUICE_DATABASE_URL: 'mysql://a:b@db.internal/x' }, 'SLUICE_DATABASE_URL'],
    [{ ...servers, SLUICE_DATABASE_URL: 'mysql://a:b@db.internal/x?ssl=no' }, 'SLUICE_DATABASE_URL'],
    [{ ...servers, SLUICE_DATABASE_URL: 'mysql://a:b@127.0.0.1/' }, 'SLUICE_DATABASE_URL'],
    [{ ...servers, SLUICE_DATABASE_URL: 'mysql://a:p@ss:w/rd@127.0.0.1/x' }, 'SLUICE_DATABASE_URL'],
    [{ ...servers, SLUICE_BROKER_URL: 'amqp://a:b@mq.internal/' }, 'SLUICE_BROKER_URL'],
    [{ ...servers, SLUICE_BROKER_URL: 'amqps://guest:guest@mq.internal/' }, 'SLUICE_BROKER_URL'],
    [{ ...servers, SLUICE_BROKER_URL: 'amqps://mq.internal/' }, 'SLUICE_BROKER_URL'],
  ])('refuses what is not safe: %j', (environment, name) => {
    expect(faults(environment)).toEqual([expect.stringContaining(`Expected ${name}`)]);
  });

  it('takes remote links that are encrypted, or plain ones that are said to be wanted', () => {
    const remote = {
      SLUICE_DATABASE_URL: 'mysql://a:b@db.internal/x',
      SLUICE_BROKER_URL: 'amqp://guest:guest@mq.internal/',
    };
    expect(faults({ ...remote, SLUICE_ALLOW_INSECURE: 'true' })).toEqual([]);
    expect(
      faults({
        SLUICE_DATABASE_URL: `${remote.SLUICE_DATABASE_URL}?ssl=true`,
        SLUICE_BROKER_URL: 'amqps://a:b@mq.internal/',
      }),
    ).toEqual([]);
    expect(faults({ SLUICE_HOST: '0.0.0.0', SLUICE_TOKEN: 'a-token-of-some-length' })).toEqual([]);
  });

  it('repeats no secret, neither in a fault nor when printed', () => {
    const secret = 'hunter2hunter2hunter2';
    const urls = {
      SLUICE_DATABASE_URL: `mysql://a:${secret}@db/x?ssl=true`,
      SLUICE_BROKER_URL: `amqps://a:${secret}@mq/`,
    };
    const bad = faults({
      SLUICE_DATABASE_URL: `http://a:${secret}@db/x`,
      SLUICE_BROKER_URL: `amqp:${secret}`,
      SLUICE_TOKEN: `${secret} x`,
    });
    expect(bad).toHaveLength(3);
    const strange = faults({ ...urls, SLUICE_DATABASE_URL: `${urls.SLUICE_DATABASE_URL}&key=${secret}` });
    expect([...bad, ...strange].join()).not.toContain(secret);
    const printed = JSON.stringify(printConfig(config({ ...urls, SLUICE_TOKEN: secret })));
    expect(printed).not.toContain(secret);
    expect(printed).toContain('mysql://a:***@db/x');
  });

  it('is documented, setting by setting, with its default', () => {
    const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    for (const { name, byDefault, secret } of SETTINGS) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
      expect(row, name).toBeDefined();
      if (byDefault && !secret) expect(row).toContain(`| \`${byDefault}\` |`);
    }
  });
});
