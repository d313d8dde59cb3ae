import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryBroker } from '../../src/memory/memory-broker.js';
import { SystemClock } from '../../src/memory/system-clock.js';
import { TestedFlow } from '../../src/programs/in-memory/flow-test.js';
import { openSqlite } from '../contract/store/opened.js';
import { KINDS, PATTERNS } from './patterns.js';
import { flowsOn } from './suite.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/patterns.md'), 'utf8');
const rows = [...PAGE.matchAll(/^\| (\d+) \| ([^|]+) \| (direct|with a trick|not yet) \| ([^|]*) \|$/gm)];

/** Patterns whose check warns: what they need, it cannot prove. */
const WARNED: Readonly<Record<string, readonly string[]>> = { '33-generalized-and-join': ['MAY_WAIT_FOREVER'] };

describe('in virtual time', () => {
  it.each([...PATTERNS, ...KINDS].map((pattern) => [pattern.name, pattern] as const))(
    '%s',
    async (name, { definition, cases, warnings }) => {
      const flow = new TestedFlow(definition);
      for (const one of cases) expect((await flow.judge(one)).misses, one.name).toEqual([]);
      expect(warnings).toEqual(WARNED[name] ?? []);
    },
  );
});

flowsOn('embedded', async () => ({ opened: await openSqlite(), broker: new MemoryBroker(new SystemClock()) }));

describe('docs/patterns.md', () => {
  it('has every pattern once, in order', () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 43 }, (_, i) => i + 1));
  });

  it('says of a pattern that it can be said exactly where a flow shows it', () => {
    const said = rows.filter(([, , , how]) => how !== 'not yet').map(([, number]) => Number(number));
    expect(said).toEqual(PATTERNS.map(({ number }) => number));
  });

  it('calls the patterns as the files do, and counts them right', () => {
    for (const { number, name } of PATTERNS) {
      const row = rows.find((one) => Number(one[1]) === number);
      expect(row?.[2]?.toLowerCase().replaceAll(/[^a-z]+/g, '-')).toBe(name.slice(3));
    }
    const count = (how: string): number => rows.filter((one) => one[3] === how).length;
    expect(PAGE).toContain(
      `${count('direct')} of 43 can be said directly, ${count('with a trick')} with a trick, ${count('not yet')} not yet.`,
    );
  });
});
