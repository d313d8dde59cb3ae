import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { OwnStops } from '../../../src/engine/intake/work/stops/own-stops.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('a signal to stop for one attempt', () => {
  it('stops with the engine, or by itself, and tells which', () => {
    const [engine, stops] = [new AbortController(), new OwnStops()];
    const [told, other, over] = [stops.begin(engine.signal), stops.begin(engine.signal), stops.begin(engine.signal)];
    told.tell(new Error('not wanted'));
    over.end();
    expect([told.signal.aborted, told.isTold, other.signal.aborted]).toEqual([true, true, false]);
    engine.abort(new Error('the engine stops'));
    expect([other.signal.aborted, other.isTold, other.signal.reason.message]).toEqual([
      true,
      false,
      'the engine stops',
    ]);
    expect(over.signal.aborted).toBe(false);
    expect(stops.begin(engine.signal).signal.aborted).toBe(true);
  });

  it('is not kept when its attempt is over, though somebody has listened to it', async () => {
    const [engine, stops] = [new AbortController(), new OwnStops()];
    const begun = Array.from({ length: 200 }, () => {
      const own = stops.begin(engine.signal);
      own.signal.addEventListener('abort', () => undefined, { once: true });
      own.end();
      return new WeakRef(own.signal);
    });
    for (let round = 0; round < 5; round++) {
      await new Promise((wake) => setTimeout(wake, 1));
      collect();
    }
    expect(begun.filter((one) => one.deref() !== undefined).length).toBeLessThan(20);
  });
});
