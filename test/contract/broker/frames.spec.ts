import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import type { ConfirmChannel } from 'amqplib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Frames, type Way } from '../../../src/broker/publish/frames.js';

// The driver hides its parts.
const require = createRequire(createRequire(import.meta.url).resolve('amqplib'));
type Driver = { new (stream: object): Record<string, unknown> };
const part = (name: string): Record<string, Driver> => require(`./lib/${name}.js`) as Record<string, Driver>;
const { Connection } = part('connection') as { Connection: Driver };
const { ConfirmChannel: Channel } = part('channel_model') as { ConfirmChannel: Driver };

/** A channel of the driver itself, as it is once a broker has opened it, and what it writes. */
function opened(frameMax = 131_072) {
  const connection = new Connection(new PassThrough()) as Record<string, unknown> & {
    channels: { buffer: { write: (bytes: Buffer) => boolean } }[];
  };
  Object.assign(connection, { frameMax, channelMax: 10 });
  const channel = new Channel(connection) as unknown as ConfirmChannel & {
    allocate(): void;
    ch: number;
    unconfirmed: unknown[];
    toClosed(why: string): void;
  };
  channel.allocate();
  const written: Buffer[] = [];
  const place = connection.channels[channel.ch] as (typeof connection.channels)[number];
  vi.spyOn(place.buffer, 'write').mockImplementation((bytes) => written.push(bytes) > 0);
  return { channel, bytes: () => Buffer.concat(written), pieces: written };
}

const framesOver = (channel: ConfirmChannel): Frames => {
  const frames = Frames.over(channel);
  if (!frames) throw new Error('Expected the driver to be as it is known, but it is not: is it another version?');
  return frames;
};

const anyWay = fc.record({
  exchange: fc.string({ maxLength: 60 }),
  routingKey: fc.string({ unit: 'grapheme', maxLength: 40 }),
  persistent: fc.boolean(),
  mandatory: fc.boolean(),
});
const anyMessage = fc.record({
  way: anyWay,
  id: fc.string({ unit: 'grapheme', maxLength: 60 }),
  text: fc.oneof(
    fc.json({ stringUnit: 'grapheme' }),
    fc.nat(70_000).map((length) => `"${'x'.repeat(length)}"`),
  ),
});
const WAY: Way = { exchange: '', routingKey: 'lane', persistent: true, mandatory: true };

describe('frames', () => {
  it('are the bytes that the driver itself sends', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 20 }), (messages) => {
        const [ours, theirs] = [opened(), opened()];
        const frames = framesOver(ours.channel);
        for (const { way, id, text } of messages) {
          const { exchange, routingKey, persistent, mandatory } = way;
          const options = { messageId: id, contentType: 'application/json', persistent, mandatory };
          theirs.channel.publish(exchange, routingKey, Buffer.from(text), options);
          // What is too long for a frame goes by the driver, behind what was there before.
          if (frames.put(way, id, text, () => {})) continue;
          frames.flush();
          ours.channel.publish(exchange, routingKey, Buffer.from(text), options);
        }
        frames.flush();
        expect(ours.bytes().equals(theirs.bytes())).toBe(true);
        expect(ours.channel.unconfirmed).toHaveLength(messages.length);
      }),
    );
  });

  it('leave together', () => {
    const { channel, pieces } = opened();
    const frames = framesOver(channel);
    for (let id = 0; id < 50; id++) frames.put(WAY, `${id}`, '{"v":1}', () => {});
    expect(pieces).toHaveLength(0);
    frames.flush();
    frames.flush();
    expect(pieces).toHaveLength(1);
  });

  it('are not written over while the driver still has them', () => {
    const { channel, pieces } = opened();
    const frames = framesOver(channel);
    const kept: Buffer[] = [];
    for (let id = 0; id < 500; id++) {
      frames.put(WAY, `${id}`, JSON.stringify({ pad: 'x'.repeat(id) }), () => {});
      frames.flush();
      kept.push(Buffer.from(pieces.at(-1) as Buffer));
    }
    expect(pieces.map((piece, at) => piece.equals(kept[at] as Buffer))).not.toContain(false);
  });

  it('leave what no frame holds to the driver', () => {
    const { channel } = opened();
    const frames = framesOver(channel);
    expect(frames.put(WAY, 'id', `"${'€'.repeat(44_000)}"`, () => {})).toBe(false);
    expect(frames.put(WAY, 'x'.repeat(256), '1', () => {})).toBe(false);
    expect(frames.put(WAY, 'x'.repeat(255), '1', () => {})).toBe(true);
    expect(channel).toHaveProperty('unconfirmed.length', 1);
  });

  it('are refused once the channel has closed', () => {
    const { channel } = opened();
    const frames = framesOver(channel);
    channel.toClosed('a test');
    expect(() => frames.put(WAY, 'id', '1', () => {})).toThrow(/closed/);
  });

  it('are left to a driver that is another, or takes small frames alone', () => {
    expect(Frames.over({} as ConfirmChannel)).toBeNull();
    expect(Frames.over(opened(4_096).channel)).toBeNull();
  });
});
