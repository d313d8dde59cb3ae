import { afterEach, describe, expect, it } from 'vitest';
import { undoVisit } from '../../../src/core/definition/work/each.js';
import { EngineBench, until } from '../bench.js';

const PARENT = `flow: journey
nodes:
  begin: { start: true }
  trip:  { call: book_trip, in: { guest: input.guest }, undo: cancel_trip }
  pay:   { task: card.charge, retry: { max: 0 } }
  back:  { compensate: all }
  gone:  { end: gone }
  done:  { end: success }
edges:
  - begin -> trip -> pay -> done
  - pay -> back: on exhausted
  - back -> gone
`;
const BOOK = `flow: book_trip
output: { number: book.number }
nodes:
  begin: { start: true }
  book:  { task: hotel.book, in: { guest: input.guest } }
  done:  { end: booked }
edges: [begin -> book -> done]
`;
const CANCEL = `flow: cancel_trip
nodes:
  begin:  { start: true }
  cancel: { task: hotel.cancel, in: { guest: input.guest, number: input.result.number } }
  done:   { end: cancelled }
edges: [begin -> cancel -> done]
`;

describe('undoing a call, by an engine', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());
  const calls: [string, unknown][] = [];
  let closed = false;
  const handlers = {
    'hotel.book': () => ({ number: 7 }),
    'hotel.cancel': (input: object) => {
      calls.push(['cancel', input]);
      if (closed) throw Object.assign(new Error('closed'), { name: 'PermanentError', code: 'CLOSED' });
      return null;
    },
    'card.charge': () => {
      throw new Error('no money');
    },
  };
  const begin = async () => {
    calls.length = 0;
    bench = new EngineBench(handlers, PARENT, BOOK, CANCEL);
    const engine = await bench.engine();
    return { engine, id: await bench.start(engine, 'journey', { guest: 'ann' }) };
  };
  const children = () => [...bench.rows.instances.values()].filter((one) => one.state.caller !== undefined);

  it('calls the flow that undoes it, with what the call got and gave', async () => {
    closed = false;
    const { id } = await begin();
    await until('the end', async () => (await bench.instance(id))?.endedAt != null);
    expect(await bench.instance(id)).toMatchObject({ status: 'completed', outcome: 'gone' });
    expect(calls).toEqual([['cancel', { guest: 'ann', number: 7 }]]);
    expect(children().map(({ flow, outcome }) => `${flow} ${outcome}`)).toEqual([
      'book_trip booked',
      'cancel_trip cancelled',
    ]);
    const nodes = (await bench.views.instance(id))?.nodes ?? [];
    expect(nodes.find(({ node, visit }) => node === 'trip' && visit === 1)).toMatchObject({ status: 'compensated' });
  });

  it('gives up the flow that undoes it, and not the one that is over, when it is cancelled', async () => {
    closed = true;
    const { engine, id } = await begin();
    const undoing = await until('the flow that undoes', () => children().find(({ flow }) => flow === 'cancel_trip'));
    await until('its incident', async () => (await bench.instance(undoing.id))?.status === 'incident');
    expect(undoing.state.caller).toMatchObject({ node: 'trip', visit: undoVisit(1) });
    await engine.cancelInstance.execute({ instance: id, by: 'ops' });
    await until('its end', async () => (await bench.instance(undoing.id))?.status === 'cancelled');
    expect(children().map(({ flow, status }) => `${flow} ${status}`)).toEqual([
      'book_trip completed',
      'cancel_trip cancelled',
    ]);
  });
});
