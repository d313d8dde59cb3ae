import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFlow } from '../../src/programs/in-memory/flow-test.js';

const RECHARGE = readFileSync(join(import.meta.dirname, '../../definitions/recharge.flow.yaml'), 'utf8');

/** The campaign with some of its text changed; each change is of one place. */
function campaign(...changes: readonly (readonly [from: string, to: string])[]) {
  const text = changes.reduce((before, [from, to]) => {
    expect(before.split(from)).toHaveLength(2);
    return before.replace(from, to);
  }, RECHARGE);
  return testFlow({ text });
}

async function earned(
  flow: ReturnType<typeof campaign>,
  spend: number,
  at: string,
  { balances = Number.POSITIVE_INFINITY } = {},
): Promise<readonly string[]> {
  let left = balances;
  const mocks = {
    'balance.give': () => (left-- > 0 ? { given: 5 } : false),
    'points.give': (_input: unknown, context: { with: object }) => context.with,
  };
  const run = await flow.start({ rechargeId: `${spend} ${at}`, uid: 'ann', spend, at }, { mocks });
  const { gave } = (run.visited('prize')?.output ?? { gave: {} }) as { gave: Record<string, { points?: number }> };
  return Object.entries(gave).map(([name, given]) => (given.points ? `${given.points} ${name}` : name));
}

const FIRST = '2026-10-01T10:00:00+08:00';
const FIFTH = '2026-10-05T10:00:00+08:00';
const EIGHTH = '2026-10-08T10:00:00+08:00';

describe('a campaign of a week', () => {
  it('gives the balance for a hundred, and points for fifty from the fifth day on, and not both', async () => {
    const flow = campaign();
    expect(await earned(flow, 100, FIRST)).toEqual(['balance']);
    expect(await earned(flow, 50, FIRST)).toEqual([]);
    expect(await earned(flow, 50, FIFTH)).toEqual(['10 points']);
    expect(await earned(flow, 100, FIFTH)).toEqual(['balance']);
    expect(await earned(flow, 100, EIGHTH)).toEqual([]);
  });

  it('takes other amounts and another end, each at its one place', async () => {
    const flow = campaign(
      ['input.spend >= 100', 'input.spend >= 80'],
      ['{ points: 10 }', '{ points: 20 }'],
      [
        'from: 2026-10-05T00:00:00+08:00, to: 2026-10-07T23:59:59+08:00',
        'from: 2026-10-05T00:00:00+08:00, to: 2026-10-08T23:59:59+08:00',
      ],
    );
    expect(await earned(flow, 80, FIRST)).toEqual(['balance']);
    expect(await earned(flow, 60, FIFTH)).toEqual(['20 points']);
    expect(await earned(flow, 60, EIGHTH)).toEqual(['20 points']);
  });

  it('gives both prizes when one word is changed', async () => {
    const flow = campaign(['      any:  ', '      all:  ']);
    expect(await earned(flow, 100, FIFTH)).toEqual(['balance', '10 points']);
    expect(await earned(flow, 100, FIRST)).toEqual(['balance']);
  });

  it('gives points for a hundred once the balances are gone, with nothing changed', async () => {
    expect(await earned(campaign(), 100, FIFTH, { balances: 0 })).toEqual(['10 points']);
    expect(await earned(campaign(), 100, FIRST, { balances: 0 })).toEqual([]);
  });
});
