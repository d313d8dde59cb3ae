import { afterEach, describe, expect, it } from 'vitest';
import { undoVisit } from '../../../src/core/definition/work/each.js';
import { EngineBench, until } from '../bench.js';

const FLOW = `flow: trip
nodes:
  begin:  { start: true }
  book:   { task: hotel.book, in: { guest: input.guest }, undo: hotel.cancel }
  seats:
    task: seat.take
    each: { in: input.seats, as: seat, parallel: 1 }
    in: { seat: seat }
    undo: { task: seat.free, in: { seat: seat, ticket: result.ticket } }
  pay:    { task: card.charge, retry: { max: 0 } }
  back:   { compensate: all }
  gone:   { end: gone }
  done:   { end: success }
edges:
  - begin -> book -> seats -> pay -> done
  - pay -> back: on exhausted
  - back -> gone
`;

describe('undoing, by an engine', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  it('gives each handler what was done and what came of it, newest first, with a key of its own', async () => {
    const calls: [string, unknown, string][] = [];
    const noted = (name: string, answer: (input: Record<string, unknown>) => unknown = () => null) =>
      [
        name,
        (input: object, { idempotencyKey }: { idempotencyKey: string }) => {
          calls.push([name, input, idempotencyKey.slice(idempotencyKey.indexOf('.') + 1)]);
          return answer(input as Record<string, unknown>);
        },
      ] as const;
    let down = true;
    const handlers = [
      noted('hotel.book', () => ({ number: 7 })),
      noted('hotel.cancel'),
      noted('seat.take', ({ seat }) => ({ ticket: `t-${String(seat)}` })),
      noted('seat.free', ({ seat }) => {
        if (seat === 'b' && down) throw Object.assign(new Error('closed'), { name: 'PermanentError', code: 'CLOSED' });
        return null;
      }),
      noted('card.charge', () => {
        throw new Error('no money');
      }),
    ];
    bench = new EngineBench(Object.fromEntries(handlers), FLOW);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'trip', { guest: 'ann', seats: ['a', 'b'] });
    const [incident] = await until('an incident', async () => {
      const found = (await bench.views.instance(id))?.incidents ?? [];
      return found.length > 0 && found;
    });
    expect(incident).toMatchObject({ node: 'seats', code: 'PERMANENT_FAILURE' });
    down = false;
    await engine.retryIncidents.execute({ instance: id, only: null, by: 'ops' });
    await until('the end', async () => (await bench.instance(id))?.endedAt != null);
    expect(await bench.instance(id)).toMatchObject({ status: 'completed', outcome: 'gone' });
    expect(calls.slice(4)).toEqual([
      ['seat.free', { seat: 'b', ticket: 't-b' }, 'seats.1.1.undo'],
      ['seat.free', { seat: 'b', ticket: 't-b' }, 'seats.1.1.undo'],
      ['seat.free', { seat: 'a', ticket: 't-a' }, 'seats.1.0.undo'],
      ['hotel.cancel', { guest: 'ann', result: { number: 7 } }, 'book.1.undo'],
    ]);
    const nodes = (await bench.views.instance(id))?.nodes ?? [];
    expect(nodes.find(({ node, visit }) => node === 'book' && visit === 1)).toMatchObject({
      status: 'compensated',
      output: { number: 7 },
    });
    expect(nodes.find(({ visit }) => visit === undoVisit(1))).toMatchObject({ node: 'book', status: 'done' });
  });
});
