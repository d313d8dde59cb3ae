import { connect } from 'amqplib';
import { createConnection } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { freshDatabase, freshVhost, servers } from './servers.mjs';

describe('the servers of the tests', () => {
  it('gives every caller an empty database of its own', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    try {
      const connection = await createConnection(one.url);
      await connection.query('CREATE TABLE t (id INT PRIMARY KEY)');
      await connection.end();
      const elsewhere = await createConnection(other.url);
      const [tables] = await elsewhere.query('SHOW TABLES');
      await elsewhere.end();
      expect(tables).toEqual([]);
    } finally {
      await Promise.all([one.drop(), other.drop()]);
    }
  });

  it('gives every caller a place on the broker of its own', async () => {
    const [one, other] = await Promise.all([freshVhost(), freshVhost()]);
    try {
      expect(`${one.url} ${one.prefix}`).not.toBe(`${other.url} ${other.prefix}`);
      const connection = await connect(one.url);
      const channel = await connection.createChannel();
      const { queue } = await channel.assertQueue('', { exclusive: true });
      expect(queue).not.toBe('');
      await connection.close();
    } finally {
      await Promise.all([one.drop(), other.drop()]);
    }
  });

  it.runIf(servers.canKill())('brings a killed broker back under the same address', async () => {
    const url = process.env.SLUICE_TEST_BROKER_URL as string;
    await servers.kill('broker');
    await expect(connect(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await servers.start('broker');
    const connection = await connect(url);
    await connection.close();
  });

  it.runIf(servers.canKill())('brings a killed database back with what was committed', async () => {
    const { url, drop } = await freshDatabase();
    const before = await createConnection(url);
    // The connection dies with the server; that is the point.
    before.on('error', () => {});
    await before.query('CREATE TABLE t (id INT PRIMARY KEY) ENGINE=InnoDB');
    await before.query('INSERT INTO t VALUES (7)');

    await servers.kill('database');
    await expect(createConnection(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await servers.start('database');

    const after = await createConnection(url);
    const [rows] = await after.query('SELECT id FROM t');
    await after.end();
    await drop();
    expect(rows).toEqual([{ id: 7 }]);
  });
});
