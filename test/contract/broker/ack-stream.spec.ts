import { describe, expect, it } from 'vitest';
import { AckStream } from '../../../src/broker/consume/ack-stream.js';

type Frame = readonly [kind: 'ack' | 'ack all' | 'requeue' | 'refuse', tag: number];

/** A channel that writes down what it is told. `broken` makes it throw as a closed one does. */
function recorded() {
  const frames: Frame[] = [];
  const channel = {
    broken: false,
    ack(message: { fields: { deliveryTag: number } }, all?: boolean) {
      if (channel.broken) throw new Error('Channel closed');
      frames.push([all ? 'ack all' : 'ack', message.fields.deliveryTag]);
    },
    nack(message: { fields: { deliveryTag: number } }, _all?: boolean, requeue?: boolean) {
      if (channel.broken) throw new Error('Channel closed');
      frames.push([requeue ? 'requeue' : 'refuse', message.fields.deliveryTag]);
    },
  };
  return { frames, channel };
}

function holding(count: number) {
  const { frames, channel } = recorded();
  let emptied = 0;
  const acks = new AckStream(channel, () => {
    emptied += 1;
  });
  for (let tag = 1; tag <= count; tag += 1) acks.received(tag);
  return { frames, channel, acks, emptied: () => emptied };
}

const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('acknowledgements', () => {
  it('of one turn go as one frame, in whatever order they came', async () => {
    const { frames, acks, emptied } = holding(5);
    for (const tag of [3, 1, 2, 4]) acks.ack(tag);
    expect(frames).toEqual([]);
    await turn();
    expect(frames).toEqual([['ack all', 4]]);
    expect(emptied()).toBe(0);
    acks.ack(5);
    await turn();
    expect(frames).toEqual([
      ['ack all', 4],
      ['ack all', 5],
    ]);
    expect(emptied()).toBe(1);
  });

  it('behind one that is in hand go one by one, a little later', async () => {
    const { frames, acks } = holding(4);
    acks.ack(1);
    acks.ack(3);
    acks.ack(4);
    await turn();
    expect(frames).toEqual([['ack all', 1]]);
    await pause(60);
    expect(frames.slice(1)).toEqual([
      ['ack', 3],
      ['ack', 4],
    ]);
    acks.ack(2);
    await turn();
    // Never a tag that the broker has forgotten: 2 is named, not 4.
    expect(frames.slice(3)).toEqual([['ack all', 2]]);
  });

  it('that were held up go in one frame after all when the way is free in time', async () => {
    const { frames, acks } = holding(3);
    acks.ack(2);
    acks.ack(3);
    await turn();
    acks.ack(1);
    await turn();
    expect(frames).toEqual([['ack all', 3]]);
    await pause(60);
    expect(frames).toHaveLength(1);
  });

  it('can all be sent at once, when there is no later', () => {
    const { frames, acks } = holding(4);
    for (const tag of [1, 3, 4]) acks.ack(tag);
    acks.flushAll();
    expect(frames).toEqual([
      ['ack all', 1],
      ['ack', 3],
      ['ack', 4],
    ]);
  });

  it('count once, and not after a release', async () => {
    const { frames, acks } = holding(2);
    acks.release(1);
    acks.ack(1);
    acks.release(1);
    acks.ack(2);
    acks.ack(2);
    acks.release(2);
    acks.ack(99);
    await turn();
    expect(frames).toEqual([
      ['requeue', 1],
      ['ack all', 2],
    ]);
  });

  it('may skip over what was given back or refused', async () => {
    const { frames, acks } = holding(4);
    acks.refuse(2);
    acks.ack(1);
    acks.ack(3);
    acks.release(4);
    await turn();
    expect(frames).toEqual([
      ['refuse', 2],
      ['requeue', 4],
      ['ack all', 3],
    ]);
  });

  it('go nowhere once the channel is gone', async () => {
    const { frames, channel, acks } = holding(3);
    acks.ack(1);
    acks.die();
    acks.ack(2);
    acks.release(3);
    await turn();
    expect(frames).toEqual([]);
    channel.broken = true;
    acks.ack(3);
    await turn();
    expect(frames).toEqual([]);
  });

  it('on a channel that is closing throw nothing', async () => {
    const { channel, acks } = holding(2);
    channel.broken = true;
    acks.ack(1);
    acks.release(2);
    await turn();
    expect(acks.inHand).toBe(0);
  });
});
