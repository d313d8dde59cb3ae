import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RabbitBroker } from '../../../../src/broker/rabbit-broker.js';
import { topologyOf } from '../../../../src/broker/topology/topology.js';
import type { DeadDelivery, Delivery } from '../../../../src/engine/ports/broker.js';
import { freshVhost } from '../../../support/servers.mjs';
import { type Wire, wireTo } from '../stage/proxy.js';
import { type RabbitStage, setRabbitStage } from '../stage/rabbit-stage.js';
import { dispatchTo, until } from '../stage/stage.js';

describe('the broker on RabbitMQ, when a message comes back', () => {
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
    await stage.end();
    await wire.close();
  });
  const names = () => topologyOf(stage.place.prefix).names;

  it('tells how often a message was delivered to somebody who went away with it', async () => {
    const got: Delivery[] = [];
    await broker.consume('normal', 2, (delivery) => {
      // What is settled at once, or given back on purpose, is counted differently from version to version.
      if (delivery.message.instance === 'settled') delivery.ack();
      else got.push(delivery);
    });
    await broker.publish([dispatchTo('normal', 'taken along'), dispatchTo('normal', 'settled')]);
    for (const times of [1, 2, 3]) {
      await until(`delivery ${times}`, () => got.length === times, 15_000);
      if (times < 3) wire.cut();
    }
    expect(got.map(({ deliveries }) => deliveries)).toEqual([1, 2, 3]);
    got[2]?.ack();
  });

  it('moves a message that keeps coming back to the dead, once the limit is reached', async () => {
    const dead: DeadDelivery[] = [];
    await broker.consumeDead(5, (delivery) => {
      dead.push(delivery);
      delivery.ack();
    });
    const channel = await stage.stranger.createChannel();
    let times = 0;
    await channel.consume(names().lane('fast'), (message) => {
      times += 1;
      if (message) channel.reject(message, true);
    });
    await broker.publish([dispatchTo('fast', 'poison')]);
    await until('the dead', () => dead.length === 1, 15_000);
    expect(times).toBe(21);
    expect(dead[0]).toMatchObject({ code: 'DELIVERY_LIMIT', reason: expect.stringContaining('delivery_limit') });
    expect(dead[0]?.dispatch).toEqual(dispatchTo('fast', 'poison').message);
    expect(dead[0]?.start).toBeUndefined();
  });
});
