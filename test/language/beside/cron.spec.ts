import { describe, expect, it } from 'vitest';
import { compileCron } from '../../../src/language/expression/compile/compile-cron.js';
import { readDefinition } from '../../../src/language/read-definition.js';

const next = (text: string, zone: string, at: string): string | null => {
  const rule = compileCron(text, zone);
  if ('message' in rule) throw new Error(rule.message);
  const moment = rule.next(Date.parse(at));
  return moment === null ? null : new Date(moment).toISOString();
};
const read = (timer: string) => {
  const text = `flow: a\nnodes:\n  begin: { start: true }\n  nine: { timer: { ${timer} } }\n  work: { task: x.y }\n  done: { end: done }\nedges: [begin -> nine -> work -> done]\n`;
  const { definition, problems } = readDefinition(text, 'a.flow.yaml');
  const node = definition?.nodes.get('nine');
  return {
    timer: node?.kind === 'timer' ? node.timer : undefined,
    problems: problems.map(({ code, line, column }) => `${code} ${line}:${column}`),
  };
};

describe('a cron expression', () => {
  it.each([
    ['0 9 * * 1-5', 'Asia/Shanghai', '2026-11-20T01:00:00Z', '2026-11-23T01:00:00.000Z'],
    ['0 9 * * 1-5', 'UTC', '2026-11-22T10:00:00Z', '2026-11-23T09:00:00.000Z'],
    ['*/15 * * * * *', 'UTC', '2026-11-22T10:00:01.500Z', '2026-11-22T10:00:15.000Z'],
    ['0 0 29 2 *', 'UTC', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    // Half past two does not exist that night.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z'],
    // It comes twice that night, and counts once.
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
  ])('%s in %s after %s comes at %s', (text, zone, at, moment) => {
    expect(next(text, zone, at)).toBe(moment);
  });

  it('gives the same for the same moment, however often it is asked', () => {
    const rule = compileCron('0 9 * * *', 'UTC');
    if ('message' in rule) throw new Error(rule.message);
    expect([rule.next(5), rule.next(1e12), rule.next(5)]).toEqual([32_400_000, 1_000_026_000_000, 32_400_000]);
  });

  it('is read with its zone, which is UTC when nothing is said', () => {
    const { timer, problems } = read('cron: "0 9 * * 1-5", zone: Asia/Shanghai');
    expect(problems).toEqual([]);
    expect(timer).toMatchObject({ cron: { text: '0 9 * * 1-5', zone: 'Asia/Shanghai' } });
    expect(read('cron: "0 9 * * *"').timer).toMatchObject({ cron: { zone: 'UTC' } });
  });

  it.each([
    ['cron: "0 25 * * *"', 'BAD_CRON 4:26'],
    ['cron: "0 9 * *"', 'BAD_CRON 4:26'],
    ['cron: "@daily"', 'BAD_CRON 4:26'],
    ['cron: "0 0 30 2 *"', 'BAD_CRON 4:26'],
    ['cron: "0 9 * * *", zone: Mars/Base', 'BAD_CRON 4:45'],
    ['zone: UTC', 'WRONG_VALUE 4:18'],
  ])('%s is %s', (timer, problem) => {
    expect(read(timer).problems).toEqual([problem]);
  });
});
