import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SERVER_TUNING } from '../../src/engine/ports/tuning.js';
import { COUNTERS } from '../../src/engine/tally.js';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const read = (path: string): string => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');

describe('the operations manual', () => {
  it('tells every counter, and no other', () => {
    const section = page.slice(page.indexOf('| Counter ('), page.indexOf('| Gauge |'));
    const told = [...section.matchAll(/^\| `([a-z.-]+)` \|/gm)].map((match) => match[1]);
    expect(told).toEqual(Object.keys(COUNTERS));
  });

  it('tells every gauge, and no other', () => {
    const made = [...read('console/system/metrics.ts').matchAll(/'(sluice_[a-z_]+)'/g)].map((match) => match[1]);
    expect(made.length).toBeGreaterThan(5);
    const section = page.slice(page.indexOf('| Gauge |'));
    const told = [...section.matchAll(/^\| `(sluice_[a-z_]+)` \|/gm)].map((match) => match[1]);
    expect(told.sort()).toEqual(made.sort());
  });

  it('is alarmed by numbers that exist', () => {
    const names = Object.keys(COUNTERS).map((name) => `sluice_${name.replaceAll(/[.-]/g, '_')}_total`);
    const alarms = [...page.matchAll(/`(sluice_[a-z_]+_total)`/g)].map((match) => match[1]);
    expect(alarms.length).toBeGreaterThan(5);
    expect(alarms.filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });

  it('tells every loop with its interval', () => {
    const loops = [...read('engine/repair/loops.ts').matchAll(/loop\('(\w+)', tuning\.(\w+)/g)];
    expect(loops.length).toBeGreaterThan(4);
    for (const [, name, interval] of loops) {
      const ms = SERVER_TUNING[interval as 'holdMs'];
      const shown = ms >= 60_000 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
      expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\| ${shown}`, 'm'));
    }
  });

  it('names the sizes that the engine has', () => {
    const { prefetch, backlog, drainMs, abortMs } = SERVER_TUNING;
    const inHand = Object.values(prefetch).reduce((sum, of) => sum + of, 0);
    expect(page).toContain(`at most ${inHand} deliveries`);
    expect(page).toContain(`${backlog.toLocaleString('en')} dispatches`);
    expect(page).toContain(`handlers get ${drainMs / 1_000} s`);
    expect(page).toContain(`runs longer than ${(drainMs + abortMs) / 1_000} s`);
  });
});
