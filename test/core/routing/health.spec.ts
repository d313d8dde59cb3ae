import { describe, expect, it } from 'vitest';
import {
  afterCalls,
  type Call,
  type Circuit,
  CLOSED,
  callsOf,
  circuitAt,
  gateOf,
  open,
  returnProbe,
  takeProbe,
} from '../../../src/core/routing/health/circuit.js';
import { BUCKETS, bucketOf, quantile } from '../../../src/core/routing/health/histogram.js';
import { forget, judge, type Latency, UNKNOWN_LATENCY } from '../../../src/core/routing/health/latency.js';

const call = (failed: boolean, probe = false): Call => ({ failed, slow: false, probe });
const few = { calls: 1, failed: 1, slow: 0 };
const following = (circuit: Circuit, calls: readonly Call[], now: number, sums = few): Circuit =>
  calls.reduce((state, one) => afterCalls(state, callsOf(one), sums, now, 's'), circuit);
const times = (count: number, one: Call): Call[] => Array.from({ length: count }, () => one);

describe('a circuit', () => {
  it('opens after five failures in a row, and not after four', () => {
    expect(following(CLOSED, times(4, call(true)), 0).state).toBe('closed');
    expect(following(CLOSED, [...times(4, call(true)), call(false), ...times(4, call(true))], 0).state).toBe('closed');
    expect(following(CLOSED, times(5, call(true)), 0)).toMatchObject({ state: 'open', cause: '5 failures in a row' });
  });

  it('opens when half of twenty calls failed, or four fifths were slow', () => {
    expect(following(CLOSED, [call(true)], 0, { calls: 19, failed: 19, slow: 0 }).state).toBe('closed');
    expect(following(CLOSED, [call(true)], 0, { calls: 20, failed: 9, slow: 0 }).state).toBe('closed');
    expect(following(CLOSED, [call(true)], 0, { calls: 20, failed: 10, slow: 0 }).state).toBe('open');
    const slow = { ...call(false), slow: true };
    expect(following(CLOSED, [slow], 0, { calls: 20, failed: 0, slow: 15 }).state).toBe('closed');
    expect(following(CLOSED, [slow], 0, { calls: 20, failed: 0, slow: 16 }).state).toBe('open');
  });

  it('stays open about 30 s, then twice as long each time, at most 10 minutes, and forgets', () => {
    let circuit: Circuit = CLOSED;
    const lasted: number[] = [];
    for (let now = 0; lasted.length < 7; ) {
      circuit = open(circuit, 'x', now, 's');
      if (circuit.state !== 'open') throw new Error(circuit.state);
      lasted.push(circuit.until - now);
      now = circuit.until;
    }
    for (const [at, full] of [30, 60, 120, 240, 480, 600, 600].entries()) {
      expect(lasted[at]).toBeGreaterThanOrEqual(full * 900);
      expect(lasted[at]).toBeLessThanOrEqual(full * 1_100);
    }
    const closed: Circuit = { state: 'closed', since: 0, failures: 0, opens: 7 };
    expect(open(closed, 'x', 600_000, 's')).toMatchObject({ opens: 8 });
    expect(open(closed, 'x', 600_001, 's')).toMatchObject({ opens: 1 });
  });

  it('goes half-open by itself and counts its probes', () => {
    const opened = open(CLOSED, 'x', 0, 's') as Extract<Circuit, { state: 'open' }>;
    expect(gateOf(opened, 'i', opened.until - 1)).toMatchObject({ type: 'wait', waitMs: 1 });
    let circuit: Circuit = opened;
    for (let probe = 0; probe < 5; probe++) {
      expect(gateOf(circuit, 'i', opened.until).type).toBe('probe');
      circuit = takeProbe(circuit, opened.until);
    }
    expect(gateOf(circuit, 'i', opened.until)).toMatchObject({ type: 'wait', state: 'half-open', waitMs: 11_245 });
    expect(gateOf(returnProbe(circuit), 'i', opened.until).type).toBe('probe');
  });

  it('lets messages through again after four good probes of five, and opens after two bad ones', () => {
    const half = circuitAt(open(CLOSED, 'x', 0, 's'), 40_000);
    expect(half.state).toBe('half-open');
    const good = call(false, true);
    const bad = call(true, true);
    expect(following(half, [good, bad, good, good, good], 40_000).state).toBe('ramp');
    expect(following(half, [good, bad, good, bad], 40_000)).toMatchObject({ state: 'open', opens: 2 });
    // Words of calls from before it opened say nothing about now.
    expect(following(half, times(9, call(true)), 40_000)).toEqual(half);
  });

  it('lets 10, 50 and 100 % through, 20 s each, and closes', () => {
    const half = circuitAt(open(CLOSED, 'x', 0, 's'), 40_000);
    const ramp = following(half, times(4, call(false, true)), 40_000);
    const ids = Array.from({ length: 2_000 }, (_, at) => `i${at}`);
    const through = (now: number) => ids.filter((id) => gateOf(ramp, id, now).type === 'pass').length / ids.length;
    expect(through(40_000)).toBeCloseTo(0.1, 1);
    expect(through(60_000)).toBeCloseTo(0.5, 1);
    expect(through(80_000)).toBe(1);
    expect(circuitAt(ramp, 100_000)).toEqual({ state: 'closed', since: 100_000, failures: 0, opens: 1 });
    for (const id of ids) {
      const gate = gateOf(ramp, id, 40_000);
      if (gate.type === 'wait') expect(gateOf(ramp, id, 40_000 + gate.waitMs).type).toBe('pass');
    }
    expect(following(ramp, [...times(3, call(false)), ...times(3, call(true))], 45_000).state).toBe('open');
  });
});

describe('a latency class', () => {
  const figures = (p95Ms: number, samples = 300) => ({ p50Ms: p95Ms / 2, p95Ms, samples });
  /** A judgement every 5 s. */
  function judged(p95s: readonly number[], from: Latency = UNKNOWN_LATENCY) {
    const changes: string[] = [];
    let latency = from;
    for (const [at, p95Ms] of p95s.entries()) {
      const next = judge(latency, figures(p95Ms), at * 5_000);
      if (next.class !== latency.class) changes.push(`${at * 5} s ${next.class}`);
      latency = next;
    }
    return { changes, latency };
  }
  const steady = (p95Ms: number, count: number) => Array.from({ length: count }, () => p95Ms);

  it('gets slow after three judgements and fast after twelve', () => {
    expect(judged(steady(2_500, 5)).changes).toEqual(['10 s slow']);
    expect(judged(steady(150, 15)).changes).toEqual(['55 s fast']);
    expect(judged(steady(640, 50)).changes).toEqual([]);
  });

  it('says nothing with fewer than 50 calls', () => {
    expect(judge({ ...UNKNOWN_LATENCY, wanted: 'slow', running: 9 }, figures(9_000, 49), 0).class).toBe('normal');
  });

  it('is kept for two minutes, and left at other figures than it is entered at', () => {
    expect(judged([...steady(2_500, 4), ...steady(100, 60)]).changes).toEqual([
      '10 s slow',
      '130 s normal',
      '250 s fast',
    ]);
    expect(judged([...steady(2_500, 4), ...steady(1_500, 60)]).changes).toEqual(['10 s slow']);
  });

  it('changes once when the p95 hovers round the threshold for two hours', () => {
    let seed = 7;
    const dice = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const p95s = Array.from({ length: 1_440 }, () => 2_000 + (dice() - 0.5) * 600);
    const plain = p95s.filter((p95, at) => at > 0 && p95 >= 2_000 !== (p95s[at - 1] as number) >= 2_000).length;
    expect(plain).toBeGreaterThan(500);
    expect(judged(p95s).changes).toHaveLength(1);
  });

  it('is kept on the slower side for half an hour when it changes too often', () => {
    const swing = [...steady(2_500, 4), ...steady(640, 60)];
    const { changes } = judged(Array.from({ length: 12 }, () => swing).flat());
    // 64 judgements a swing: 5 min 20 s, two changes each; the seventh within the hour is the last for 30 minutes.
    expect(changes.slice(0, 7).map((one) => one.split(' ')[2])).toEqual([
      'slow',
      'normal',
      'slow',
      'normal',
      'slow',
      'normal',
      'slow',
    ]);
    const gap = Number.parseInt(changes[7] as string, 10) - Number.parseInt(changes[6] as string, 10);
    expect(gap).toBeGreaterThanOrEqual(1_800);
  });

  it('is forgotten', () => {
    expect(forget({ ...UNKNOWN_LATENCY, class: 'slow', since: 0 }, 9).class).toBe('normal');
  });
});

describe('the histogram', () => {
  it('is at most an eighth off', () => {
    for (let ms = 1; ms <= 200_000; ms = Math.ceil(ms * 1.07)) {
      const counts = new Uint32Array(BUCKETS);
      counts[bucketOf(ms)] = 10;
      expect(Math.abs(quantile(counts, 10, 0.95) - ms)).toBeLessThanOrEqual(Math.max(1, ms * 0.125));
    }
  });

  it('takes any duration', () => {
    for (const ms of [-1, 0, 0.3, Number.NaN]) expect(bucketOf(ms)).toBe(0);
    expect(bucketOf(Number.POSITIVE_INFINITY)).toBe(BUCKETS - 1);
    expect(quantile(new Uint32Array(BUCKETS), 0, 0.95)).toBe(0);
  });
});
