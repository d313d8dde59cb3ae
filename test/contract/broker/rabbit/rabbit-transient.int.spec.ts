import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topologyOf } from '../../../../src/broker/topology/topology.js';
import type { Delivery } from '../../../../src/engine/ports/broker.js';
import { freshVhost } from '../../../support/servers.mjs';
import { type RabbitStage, setRabbitStage } from '../stage/rabbit-stage.js';
import { dispatchTo, until } from '../stage/stage.js';

describe('transient lanes on RabbitMQ', () => {
  let stage: RabbitStage;
  beforeEach(async () => {
    stage = await setRabbitStage(await freshVhost(), 'ladder', { lanes: 'transient' });
  });
  afterEach(() => stage.end());

  it('carry dispatches at once and by the ladder, and keep nothing on the disk', async () => {
    const { names } = topologyOf(stage.place.prefix, 'transient');
    expect(await stage.broker.publish([dispatchTo('fast', 'now'), dispatchTo('fast', 'later', 250)])).toEqual([
      true,
      true,
    ]);
    expect(await stage.broker.depth('fast')).toBeLessThanOrEqual(2);
    const channel = await stage.stranger.createChannel();
    const raw = await channel.get(names.lane('fast'));
    expect(raw && [raw.properties.deliveryMode, raw.fields.routingKey]).toEqual([1, names.lane('fast')]);
    await channel.close();
    const got: string[] = [];
    await stage.broker.consume('fast', 5, (delivery) => {
      got.push(delivery.message.instance);
      delivery.ack();
    });
    await until('both', () => got.length === 2, 15_000);
    expect(got.sort()).toEqual(['later', 'now']);
  });

  it('have other names than durable ones, which are left as they were', async () => {
    const durable = await setRabbitStage({ ...stage.place, drop: async () => {} });
    const strays: string[] = [];
    await durable.broker.consume('fast', 5, ({ message }) => strays.push(message.instance));
    await stage.broker.publish([dispatchTo('fast', 'now'), dispatchTo('fast', 'later', 250)]);
    await new Promise((wake) => setTimeout(wake, 1_000));
    expect(strays).toEqual([]);
    expect(durable.broker.state().faults).toBeUndefined();
    await durable.end();
  });

  it('take what comes again for a suspect, each time another', async () => {
    const got: Delivery[] = [];
    await stage.broker.consume('normal', 1, (delivery) => {
      got.push(delivery);
      if (got.length < 4) delivery.release();
      else delivery.ack();
    });
    await stage.broker.publish([dispatchTo('normal', 'again')]);
    await until('four deliveries', () => got.length === 4);
    const counts = got.map(({ deliveries }) => deliveries ?? 0);
    expect(counts[0]).toBe(1);
    for (const count of counts.slice(1)) expect(Math.floor(count)).toBe(3);
    expect(new Set(counts).size).toBe(4);
  });
});
