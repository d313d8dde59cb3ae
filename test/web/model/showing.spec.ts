import { describe, expect, it } from 'vitest';
import { exampleOf } from '../../../web/src/model/example.js';
import { axisEnd, timeline } from '../../../web/src/model/graph/timeline.js';
import { absolute, duration, relative, spanMs } from '../../../web/src/model/time.js';
import { node } from './views.js';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

describe('times', () => {
  it('are told in at most two units', () => {
    const spans = [-5, 0, 999, S, 2449, 9999, 59_999, MIN + 5 * S, 2 * H + 10 * MIN, 99 * H];
    expect(spans.map(duration)).toEqual([
      '0 ms',
      '0 ms',
      '999 ms',
      '1.0 s',
      '2.4 s',
      '9.9 s',
      '59 s',
      '1m 05s',
      '2h 10m',
      '4d 3h',
    ]);
  });

  it('are told from now, before and after', () => {
    const now = 1_000_000_000;
    const at = [now - 500, now - 42 * S, now - 5 * MIN, now - 30 * H, now - 80 * H, now + 90 * S];
    expect(at.map((each) => relative(each, now))).toEqual([
      'now',
      '42 s ago',
      '5 min ago',
      '30 h ago',
      '3 d ago',
      'in 1 min',
    ]);
  });

  it('run until now while there is no end', () => {
    const start = '2026-11-21T12:00:00.000Z';
    expect(spanMs(start, null, Date.parse(start) + 7)).toBe(7);
    expect(spanMs(start, '2026-11-21T12:00:01.500Z', 0)).toBe(1500);
  });

  it('are exact where they are exact, and as given where they are no time', () => {
    expect(absolute('2026-11-21T12:00:00.250Z')).toBe('2026-11-21 12:00:00.250 UTC');
    expect(absolute('soon')).toBe('soon');
  });
});

describe('the timeline', () => {
  const start = Date.parse('2026-11-21T12:00:00.000Z');
  const at = (ms: number): string => new Date(start + ms).toISOString();

  it('sorts by start, keeps the order of what began together, and lets what is open reach the end', () => {
    const bars = timeline(
      [
        node('b', 'done', { startedAt: at(50), endedAt: at(75) }),
        node('a', 'done', { startedAt: at(0), endedAt: at(0) }),
        node('z', 'done', { startedAt: at(0), endedAt: at(50) }),
        node('c', 'running', { startedAt: at(75), endedAt: null }),
      ],
      start,
      start + 100,
    );
    expect(bars.map(({ row, left, width }) => [row.node, left, width])).toEqual([
      ['a', 0, 0.6],
      ['z', 0, 50],
      ['b', 50, 25],
      ['c', 75, 25],
    ]);
  });

  it('tells what began together by its end, and then by its place in the definition', () => {
    const rows = [
      node('remind', 'running', { startedAt: at(0), endedAt: null }),
      node('zero', 'done', { startedAt: at(0), endedAt: at(0) }),
      node('begin', 'done', { startedAt: at(0), endedAt: at(0) }),
    ];
    const names = timeline(rows, start, start + 100, ['begin', 'zero', 'remind']).map(({ row }) => row.node);
    expect(names).toEqual(['begin', 'zero', 'remind']);
  });

  it('keeps every bar inside, whatever the clocks say', () => {
    const bars = timeline(
      [
        node('a', 'done', { startedAt: at(-10), endedAt: at(500) }),
        node('b', 'running', { startedAt: at(500), endedAt: null }),
      ],
      start,
      start + 100,
    );
    for (const { left, width } of bars) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(100);
    }
  });

  it('lets the axis of an unfinished instance grow in steps that nobody sees', () => {
    const ends = Array.from({ length: 600 }, (_, second) => axisEnd(start, start + second * S));
    for (const [second, end] of ends.entries()) {
      expect(end).toBeGreaterThanOrEqual(start + second * S);
      expect(end - start - second * S).toBeLessThan(Math.max(1025, second * 10.3));
    }
    expect(new Set(ends.slice(300)).size).toBeLessThan(150);
  });

  it('survives an instance that took no time', () => {
    expect(timeline([node('a', 'done', { startedAt: at(0), endedAt: at(0) })], start, start)).toHaveLength(1);
  });
});

describe('an example of a schema', () => {
  it('has the shape, and what the schema suggests', () => {
    const schema = {
      type: 'object',
      properties: {
        id: { type: 'string', examples: ['L-1', 'L-2'] },
        amount: { type: 'number', minimum: 100 },
        bank: { enum: ['alpha', 'beta'] },
        urgent: { type: 'boolean' },
        note: { type: ['string', 'null'] },
        kind: { const: 'loan' },
        months: { type: 'integer', default: 12 },
        items: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
        anything: {},
      },
    };
    expect(exampleOf(schema)).toEqual({
      id: 'L-1',
      amount: 100,
      bank: 'alpha',
      urgent: false,
      note: '',
      kind: 'loan',
      months: 12,
      items: [{ sku: '' }],
      anything: null,
    });
  });

  it('is an empty object where there is no schema, or none that can be read', () => {
    for (const schema of [undefined, null, true, [], {}, { type: 'object' }]) expect(exampleOf(schema)).toEqual({});
  });

  it('ends where a schema does not', () => {
    const deep = (n: number): object => (n === 0 ? {} : { type: 'object', properties: { next: deep(n - 1) } });
    expect(JSON.stringify(exampleOf(deep(50) as never)).length).toBeLessThan(100);
  });
});
