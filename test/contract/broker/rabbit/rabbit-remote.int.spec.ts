import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topologyOf } from '../../../../src/broker/topology/topology.js';
import type { OutgoingTask, ReplyDelivery } from '../../../../src/engine/ports/broker.js';
import { freshVhost } from '../../../support/servers.mjs';
import { type RabbitStage, setRabbitStage } from '../stage/rabbit-stage.js';
import { dispatchTo, pause, until } from '../stage/stage.js';

const TASK: OutgoingTask = {
  task: 'kyc.verify',
  messageId: 'i.n.1:1:0',
  correlationId: '1.i.f.1.n.1.1.0.0.n',
  body: new TextEncoder().encode('{"sluice":1}'),
  headers: { 'sluice-attempt': 1 },
  expiresMs: 60_000,
};

describe('remote workers on RabbitMQ', () => {
  let stage: RabbitStage;
  let queue: string;
  beforeEach(async () => {
    stage = await setRabbitStage(await freshVhost());
    queue = topologyOf(stage.place.prefix).names.task('kyc.verify');
  });
  afterEach(() => stage.end());

  const taken = async () => {
    const channel = await stage.stranger.createChannel();
    const message = await channel.get(queue, { noAck: true });
    await channel.close();
    return message || null;
  };

  it('get a task in a queue that is made for it', async () => {
    expect(await stage.broker.hand([TASK, { ...TASK, task: 'other' }])).toEqual([true, true]);
    const message = await taken();
    expect(message?.content.toString()).toBe('{"sluice":1}');
    expect(message?.properties).toMatchObject({
      messageId: TASK.messageId,
      correlationId: TASK.correlationId,
      replyTo: topologyOf(stage.place.prefix).names.replies,
      type: 'sluice.task',
      contentType: 'application/json',
      deliveryMode: 2,
      expiration: '60000',
      headers: { 'sluice-attempt': 1 },
    });
  });

  it('may have declared their queue before, just like the engine', async () => {
    const channel = await stage.stranger.createChannel();
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    expect(await stage.broker.hand([TASK])).toEqual([true]);
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    expect(stage.log.lines).toEqual([]);
  });

  it('may have another kind of queue: it is used, with a warning, and nothing else suffers', async () => {
    const channel = await stage.stranger.createChannel();
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-max-length': 5 } });
    expect(await stage.broker.hand([TASK])).toEqual([true]);
    expect(await stage.broker.publish([dispatchTo('fast', 'one')])).toEqual([true]);
    expect(stage.broker.state().ready).toBe(true);
    expect(stage.log.lines).toEqual([expect.stringContaining('used as it is')]);
    expect(await taken()).not.toBeNull();
  });

  it('lose their queue, and the next try makes it anew', async () => {
    await stage.broker.hand([TASK]);
    const channel = await stage.stranger.createChannel();
    await channel.deleteQueue(queue);
    expect(await stage.broker.hand([TASK])).toEqual([false]);
    expect(await stage.broker.hand([TASK])).toEqual([true]);
  });

  it('get nothing that nobody waits for any more', async () => {
    await stage.broker.hand([{ ...TASK, expiresMs: 300 }]);
    await pause(800);
    expect(await taken()).toBeNull();
  });

  it('get what waits longer than RabbitMQ can count', async () => {
    expect(await stage.broker.hand([{ ...TASK, expiresMs: 365 * 86_400_000 }])).toEqual([true]);
    expect(stage.broker.state().ready).toBe(true);
  });

  it('answer to the queue or to the exchange, and are heard once each', async () => {
    const { names } = topologyOf(stage.place.prefix);
    const heard: ReplyDelivery[] = [];
    await stage.broker.consumeReplies(10, (reply) => {
      heard.push(reply);
      reply.ack();
    });
    const channel = await stage.stranger.createConfirmChannel();
    const about = { correlationId: 'c', contentType: 'application/json', headers: { a: 1 } };
    channel.sendToQueue(names.replies, Buffer.from('1'), about);
    channel.publish(names.replies, 'any', Buffer.from('2'), { ...about, contentEncoding: 'x' });
    channel.publish(names.replies, '', Buffer.from('3'));
    await channel.waitForConfirms();
    await until('three', () => heard.length === 3);
    await pause(200);
    expect(heard.map(({ body }) => Buffer.from(body).toString()).sort()).toEqual(['1', '2', '3']);
    const by = (text: string) => heard.find(({ body }) => Buffer.from(body).toString() === text);
    expect(by('1')).toMatchObject({ correlationId: 'c', contentType: 'application/json', headers: { a: 1 } });
    expect(by('2')).toMatchObject({ contentEncoding: 'x', exchange: names.replies });
    expect(by('3')).toMatchObject({ correlationId: null, contentType: null });
  });

  it('answers false once closed', async () => {
    await stage.broker.close();
    expect(await stage.broker.hand([TASK])).toEqual([false]);
  });
});
