import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, messageIdOf } from '../../../src/broker/envelope.js';
import { LANE_NAMES } from '../../../src/core/routing/lane.js';
import type { DispatchMessage } from '../../../src/engine/ports/broker.js';
import { dispatchTo } from './stage/stage.js';

const { message } = dispatchTo('fast', '0192f0c1-7a60-7000-8000-000000000001');
const parsed = () => JSON.parse(encode(message)) as Record<string, unknown>;
const reread = (value: unknown) => decode(Buffer.from(JSON.stringify(value)));

describe('the envelope of a dispatch', () => {
  it('gives back what was put in', () => {
    const id = fc.string({ minLength: 1 });
    const any = fc.record<DispatchMessage>(
      {
        instance: id,
        flow: id,
        version: fc.nat(),
        node: id,
        visit: fc.nat(),
        attempt: fc.nat(),
        dispatch: fc.nat(),
        kind: fc.constantFrom('task', 'timer'),
        handler: fc.option(id),
        lane: fc.constantFrom(...LANE_NAMES),
        wakeAt: fc.nat(),
        subject: id,
        delayed: fc.constant(true as const),
      },
      {
        requiredKeys: [
          'instance',
          'flow',
          'version',
          'node',
          'visit',
          'attempt',
          'dispatch',
          'kind',
          'handler',
          'lane',
          'wakeAt',
        ],
      },
    );
    fc.assert(
      fc.property(any, (one) => {
        expect(decode(Buffer.from(encode(one)))).toEqual({ ok: true, value: one });
      }),
    );
  });

  it('stays small', () => {
    expect(encode(message).length).toBeLessThan(200);
  });

  it('lets a field be added', () => {
    expect(reread({ ...parsed(), later: true })).toEqual({ ok: true, value: message });
  });

  it.each([
    ['v', 2, 'version 1'],
    ['v', undefined, 'nothing'],
    ['i', '', 'an instance'],
    ['i', 4711, 'an instance'],
    ['f', null, 'a flow'],
    ['d', 1.5, 'a version'],
    ['d', -1, 'a version'],
    ['n', [], 'a node'],
    ['s', '1', 'a visit'],
    ['a', null, 'an attempt'],
    ['x', 2 ** 60, 'a dispatch'],
    ['k', 'signal', 'task or timer'],
    ['h', '', 'a handler'],
    ['l', '__proto__', 'a lane'],
    ['l', 1, 'a lane'],
    ['w', '2026-01-01', 'a time'],
  ])('refuses %s = %j', (field, value, sentence) => {
    const read = reread({ ...parsed(), [field]: value });
    expect(read).toMatchObject({ ok: false, error: expect.stringMatching(/^Expected .*, but got /) });
    expect(read).toMatchObject({ error: expect.stringContaining(sentence) });
  });

  it.each(['', '{', 'null', '[]', '"text"', '1', '\u0000'])('refuses the body %j', (body) => {
    expect(decode(Buffer.from(body)).ok).toBe(false);
  });

  it('reads or refuses any bytes, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decode(Buffer.from(bytes)).ok).toBe(false);
      }),
    );
  });

  it('has an id that tells every dispatch from every other', () => {
    expect(messageIdOf(message)).toBe('0192f0c1-7a60-7000-8000-000000000001.disburse.2:4:5');
  });
});
