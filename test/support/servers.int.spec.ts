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

  it.runIf(servers.canKill())('brings a killed broker back with what was durable', async () => {
    const place = await freshVhost();
    const before = await connect(place.url);
    before.on('error', () => {});
    const channel = await before.createConfirmChannel();
    channel.on('error', () => {});
    // Classic: RabbitMQ 3.10 can leave a quorum queue without a leader for ever when it is killed within seconds of
    // the queue's declaration, which is not what this test is about.
    await channel.assertQueue('kept', { durable: true });
    channel.sendToQueue('kept', Buffer.from('word'), { persistent: true });
    await channel.waitForConfirms();

    await servers.kill('broker');
    await expect(connect(place.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await servers.start('broker');

    const after = await connect(place.url);
    const reader = await after.createChannel();
    const message = await reader.get('kept');
    expect(message && message.content.toString()).toBe('word');
    await after.close();
    await place.drop();
  });
});
