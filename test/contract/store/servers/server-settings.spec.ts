import { describe, expect, it } from 'vitest';
import { mysqlDataSource } from '../../../../src/storage/data-source.js';
import { lossProblems, serverProblems } from '../../../../src/storage/servers/check-server.js';

const GOOD = {
  version: '10.11.6-MariaDB-0+deb12u1',
  tx_isolation: 'READ-COMMITTED',
  autocommit: 'ON',
  innodb_flush_log_at_trx_commit: '1',
  log_bin: 'ON',
  sync_binlog: '1',
};
const variables = (more: Record<string, string>) => new Map(Object.entries({ ...GOOD, ...more }));

describe('a server that is not what the engine needs', () => {
  it.each([
    ['10.6.0-MariaDB', true],
    ['11.8.2-MariaDB', true],
    ['8.4.0', true],
    ['9.7.4', true],
    ['10.5.29-MariaDB', false],
    ['8.0.44', false],
    ['5.7.1', false],
  ])('accepts or refuses version %s', (version, good) => {
    const problems = serverProblems(variables({ version }));
    expect(problems).toHaveLength(good ? 0 : 1);
    if (!good) expect(problems[0]).toContain(version);
  });

  it('refuses another isolation level, and autocommit switched off', () => {
    expect(serverProblems(variables({ tx_isolation: 'REPEATABLE-READ' }))[0]).toMatch(
      /READ-COMMITTED, but it is REPEATABLE-READ/,
    );
    expect(serverProblems(variables({ transaction_isolation: 'SERIALIZABLE' }))[0]).toMatch(/SERIALIZABLE/);
    expect(serverProblems(variables({ autocommit: 'OFF' }))[0]).toMatch(/autocommit/);
    expect(serverProblems(variables({}))).toEqual([]);
  });

  it('names the settings that lose committed work', () => {
    expect(lossProblems(variables({}))).toEqual([]);
    expect(lossProblems(variables({ innodb_flush_log_at_trx_commit: '2' }))[0]).toMatch(
      /innodb_flush_log_at_trx_commit = 1, but it is 2/,
    );
    expect(lossProblems(variables({ sync_binlog: '0' }))[0]).toMatch(/sync_binlog = 1 with a binary log, but it is 0/);
    expect(lossProblems(variables({ sync_binlog: '0', log_bin: 'OFF' }))).toEqual([]);
  });

  it.each(['postgres://a:secret@h/db', 'mysql://a:secret@h', 'not an address', 'mysql://a:secret@h/'])(
    'refuses the address %s without repeating its password',
    (url) => {
      expect(() => mysqlDataSource(url, 4)).toThrow(/^Expected SLUICE_DATABASE_URL to be mysql:/);
      expect(() => mysqlDataSource(url, 4)).not.toThrow(/secret/);
    },
  );

  it.each([
    ['', false],
    ['?ssl=false', false],
    ['?ssl=0', false],
    ['?ssl=true', true],
    ['?ssl=1', true],
  ])('with %s it encrypts and checks the certificate: %s', (query, encrypted) => {
    const { options } = mysqlDataSource(`mysql://a:b@[::1]/db${query}`, 4);
    expect(options).toMatchObject({ host: '::1', port: 3306 });
    expect('ssl' in options ? options.ssl : null).toEqual(encrypted ? { rejectUnauthorized: true } : null);
  });

  it('reads user, password and database with their escapes', () => {
    const { options } = mysqlDataSource('mysql://us%40er:p%2Fw%25@db.example:3307/a%20b', 4);
    expect(options).toMatchObject({
      host: 'db.example',
      port: 3307,
      username: 'us@er',
      password: 'p/w%',
      database: 'a b',
    });
  });
});
