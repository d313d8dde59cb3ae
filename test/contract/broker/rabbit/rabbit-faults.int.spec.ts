import { connect } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RabbitBroker } from '../../../../src/broker/rabbit-broker.js';
import { topologyOf } from '../../../../src/broker/topology/topology.js';
import type { DeadDelivery, Delivery, OutgoingDispatch } from '../../../../src/engine/ports/broker.js';
import { freshVhost } from '../../../support/servers.mjs';
import { type Wire, wireTo } from '../stage/proxy.js';
import { Lines, type RabbitStage, setRabbitStage } from '../stage/rabbit-stage.js';
import { dispatchTo, pause, until } from '../stage/stage.js';

describe('the broker on RabbitMQ, when things go wrong', () => {
  let wire: Wire;
  let stage: RabbitStage;
  let broker: RabbitBroker;
  beforeEach(async () => {
    const place = await freshVhost();
    wire = await wireTo(place.url);
    stage = await setRabbitStage({ ...place, url: wire.url });
    broker = stage.broker;
  });
  afterEach(async () => {
    wire.letGo();
    await stage.end();
    await wire.close();
  });
  const names = () => topologyOf(stage.place.prefix).names;

  /** Publishes until the broker takes it: right after a fault, `false` is the right answer. */
  async function publishUntilTaken(dispatch: OutgoingDispatch): Promise<void> {
    const end = Date.now() + 15_000;
    while (!(await broker.publish([dispatch]))[0]) {
      if (Date.now() > end) throw new Error('Expected the broker to take messages again, but it does not.');
      await pause(20);
    }
  }

  it('consumes and publishes again after the connections were cut', async () => {
    const got: string[] = [];
    await broker.consume('fast', 5, (delivery) => {
      got.push(delivery.message.instance);
      delivery.ack();
    });
    for (const round of ['one', 'two', 'three']) {
      wire.cut();
      await publishUntilTaken(dispatchTo('fast', round));
      await until(round, () => got.includes(round), 15_000);
    }
    // Both connections were cut, and each comes back in its own time.
    await until('both connections', () => broker.state().ready, 15_000);
  });

  it('answers false while there is no connection, and says so', async () => {
    await wire.close();
    await until('the news', () => !broker.state().ready);
    expect(await broker.publish([dispatchTo('fast', 'a'), dispatchTo('slow', 'b')])).toEqual([false, false]);
    expect(await broker.depth('fast')).toBeNull();
  });

  it('answers false for what is under way when the connection breaks', async () => {
    wire.hold();
    const answers = broker.publish([dispatchTo('fast', 'a')]);
    wire.cut();
    expect(await answers).toEqual([false]);
  });

  it('acknowledges no other message when the word comes after a reconnect', async () => {
    const first: Delivery[] = [];
    const later: Delivery[] = [];
    await broker.consume('normal', 2, (delivery) => (delivery.redelivered ? later : first).push(delivery));
    await broker.publish([dispatchTo('normal', 'a'), dispatchTo('normal', 'b')]);
    await until('both', () => first.length === 2);
    wire.cut();
    await until('both again', () => later.length === 2, 15_000);
    // Their delivery tags are those of the messages that are in hand now.
    for (const delivery of first) {
      delivery.ack();
      delivery.release();
    }
    await pause(200);
    wire.cut();
    await until('both a third time', () => later.length === 4, 15_000);
    for (const delivery of later.slice(2)) delivery.ack();
  });

  it('declares a lane anew that somebody has deleted, and consumes it', async () => {
    const got: string[] = [];
    await broker.consume('slow', 5, (delivery) => {
      got.push(delivery.message.instance);
      delivery.ack();
    });
    const channel = await stage.stranger.createChannel();
    await channel.deleteQueue(names().lane('slow'));
    await publishUntilTaken(dispatchTo('slow', 'after'));
    await until('the message', () => got.includes('after'));
  });

  it('declares a lane anew that was deleted while nobody consumed it', async () => {
    const channel = await stage.stranger.createChannel();
    await channel.deleteQueue(names().lane('probe'));
    expect(await broker.publish([dispatchTo('probe', 'before')])).toEqual([false]);
    await publishUntilTaken(dispatchTo('probe', 'between'));
    const got: string[] = [];
    await broker.consume('probe', 5, (delivery) => got.push(delivery.message.instance));
    await until('the message', () => got.includes('between'));
  });

  it('declares exchanges anew that somebody has deleted', async () => {
    const got: string[] = [];
    await broker.consume('retry', 5, (delivery) => {
      got.push(delivery.message.instance);
      delivery.ack();
    });
    const channel = await stage.stranger.createChannel();
    await channel.deleteExchange(names().rung(250));
    await channel.deleteExchange(names().dispatch);
    expect(await broker.publish([dispatchTo('retry', 'before', 250)])).toEqual([false]);
    await publishUntilTaken(dispatchTo('retry', 'after', 250));
    await until('the message', () => got.includes('after'));
  });

  it('finds a missing dispatch exchange by looking at a lane, before delayed messages pile up', async () => {
    const channel = await stage.stranger.createChannel();
    await channel.deleteExchange(names().dispatch);
    expect(await broker.depth('fast')).toBeNull();
    await until('it to be back', () => broker.state().ready);
    await expect(channel.checkExchange(names().dispatch)).resolves.toBeDefined();
  });

  it('keeps no delay back for those that fell due while the dispatch exchange was away', async () => {
    const got = new Set<string>();
    await broker.consume('retry', 50, (delivery) => {
      got.add(delivery.message.instance);
      delivery.ack();
    });
    const delayed = (prefix: string) =>
      Array.from({ length: 40 }, (_, at) => dispatchTo('retry', `${prefix}${at}`, 500));
    expect((await broker.publish(delayed('before'))).every(Boolean)).toBe(true);
    const channel = await stage.stranger.createChannel();
    await channel.deleteExchange(names().dispatch);
    // All of them fall due: a rung tries 32 at a time, and every three minutes, so that it is full now.
    await pause(1_500);
    await broker.depth('retry');
    for (const dispatch of delayed('after')) await publishUntilTaken(dispatch);
    await until('what came after', () => [...got].filter((name) => name.startsWith('after')).length === 40, 10_000);
  });

  it('says false after ten seconds of silence, and goes on when the broker does', async () => {
    wire.hold();
    const sentAt = performance.now();
    expect(await broker.publish([dispatchTo('fast', 'a')])).toEqual([false]);
    expect(performance.now() - sentAt).toBeGreaterThan(9_000);
    expect(performance.now() - sentAt).toBeLessThan(11_000);
    wire.letGo();
    await publishUntilTaken(dispatchTo('fast', 'b'));
  });

  it('brings what a stranger publishes to a name that nobody reads to the unrouted', async () => {
    const dead: DeadDelivery[] = [];
    await broker.consumeDead(5, (delivery) => dead.push(delivery));
    const channel = await stage.stranger.createChannel();
    channel.publish(names().dispatch, 'nobody', Buffer.from('{}'), { headers: { raw: Buffer.from('abc') } });
    await until('the message', () => dead.length === 1);
    expect(dead[0]).toMatchObject({
      code: 'UNROUTED',
      exchange: names().dispatch,
      routingKey: 'nobody',
      headers: { raw: 'YWJj' },
    });
    dead[0]?.ack();
  });

  it('keeps its consumers when one of their listeners throws', async () => {
    const got: string[] = [];
    await broker.consume('fast', 5, (delivery) => {
      delivery.ack();
      got.push(delivery.message.instance);
      if (got.length === 1) throw new Error('a fault of the engine');
    });
    await broker.publish([dispatchTo('fast', 'a'), dispatchTo('fast', 'b')]);
    await until('both', () => got.length === 2);
    await pause(50);
    expect(stage.log.lines.join('\n')).toContain('a fault of the engine');
  });
});

describe('the broker on RabbitMQ, when it is closed', () => {
  it('has sent every acknowledgement, and gives back what is in hand', async () => {
    const place = await freshVhost();
    const first = await setRabbitStage({ ...place, drop: async () => {} });
    const got: Delivery[] = [];
    await first.broker.consume('fast', 50, (delivery) => got.push(delivery));
    await first.broker.publish(Array.from({ length: 50 }, (_, index) => dispatchTo('fast', `i${index}`)));
    await until('all of them', () => got.length === 50);
    for (const delivery of got) if (delivery.message.instance !== 'i7') delivery.ack();
    await first.end();
    const second = await setRabbitStage(place);
    const again: Delivery[] = [];
    await second.broker.consume('fast', 50, (delivery) => again.push(delivery));
    await until('the one that was in hand', () => again.length > 0);
    await pause(200);
    expect(again.map(({ message, redelivered }) => [message.instance, redelivered])).toEqual([['i7', true]]);
    again[0]?.ack();
    await second.end();
  });
});

describe('the broker on RabbitMQ, when it cannot be opened', () => {
  it('tries until it is told to stop, and tells nobody the password', async () => {
    const log = new Lines();
    const url = 'amqp://operator:opensesame@127.0.0.1:1';
    const broker = new RabbitBroker({ url, prefix: 'sluice', delay: 'auto' }, log);
    await expect(broker.open(AbortSignal.timeout(1_000))).rejects.toThrow('Expected the broker to become ready');
    expect(log.lines.length).toBeGreaterThan(1);
    expect(log.lines.join('\n')).not.toContain('opensesame');
    expect(broker.state().ready).toBe(false);
  });

  it('says what differs when somebody has declared the same name otherwise, and opens when that is gone', async () => {
    const place = await freshVhost();
    const stranger = await connect(place.url);
    const channel = await stranger.createChannel();
    const { names } = topologyOf(place.prefix);
    await channel.assertExchange(names.dead, 'topic', { durable: true });
    const log = new Lines();
    const broker = new RabbitBroker({ url: place.url, prefix: place.prefix, delay: 'ladder' }, log);
    const opening = broker.open(AbortSignal.timeout(30_000));
    await until('the complaint', () => log.lines.some((line) => line.includes('PRECONDITION')));
    await channel.deleteExchange(names.dead);
    await opening;
    expect(broker.state().ready).toBe(true);
    await broker.close();
    await stranger.close();
    await place.drop();
  });
});
