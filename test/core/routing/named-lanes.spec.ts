import { describe, expect, it } from 'vitest';
import { DATABASE_TIMER, isLaneName, LANES, numberOf, wantedLanes } from '../../../src/core/routing/lane.js';
import type { Routable } from '../../../src/core/routing/opinion.js';
import { route } from '../../../src/core/routing/route.js';
import type { Match, Rule } from '../../../src/core/routing/rules.js';
import { EMPTY_SNAPSHOT, type Snapshot } from '../../../src/core/routing/snapshot.js';

const MESSAGE: Routable = {
  kind: 'task',
  cause: 'entered',
  node: 'pay',
  handler: 'bank.pay',
  attempt: 1,
  delayMs: 0,
  id: 'i.pay.1',
  flow: 'payout',
  tags: [],
  polls: 0,
  subject: 'bank.pay[bank=north]',
};
const ANY: Match = { flow: null, node: null, handler: null, tag: null, dims: {}, attemptFrom: 1, attemptTo: 9 };
const rule = (lane: string, more: Partial<Rule> = {}): Rule => ({
  code: `to-${lane}`,
  match: ANY,
  lane,
  minDelayMs: 0,
  reason: 'by contract',
  ...more,
});
const decide = (more: Partial<Snapshot>) => route(MESSAGE, { ...EMPTY_SNAPSHOT, ...more }, 0);

describe('a rule that names a lane of its own', () => {
  it('sends there once the lane is there', () => {
    const decided = decide({ rules: [rule('vip')], lanes: new Map([['vip', 100]]) });
    expect(decided).toMatchObject({ lane: 'vip', code: 'rule.to-vip', action: 'publish' });
  });

  it('has no say about the lane till it is there, and says so; a later rule may have one', () => {
    const decided = decide({ rules: [rule('vip', { minDelayMs: 70 }), rule('slow')], lanes: new Map() });
    expect(decided).toMatchObject({ lane: 'slow', delayMs: 70 });
    expect(decided.trace[0]?.said).toBe('by contract; but there is no lane vip yet');
    expect(decided.trace[0]?.won).toEqual(['delay']);
  });

  it('is taken at its word where nobody knows which lanes there are, as for a draft', () => {
    expect(decide({ rules: [rule('vip')] }).lane).toBe('vip');
  });

  it('may be an override’s, above rules', () => {
    const pin = { code: 'pin', match: ANY, lane: 'vip', hold: false, ignoreCircuit: false, until: 9, reason: 'why' };
    const lanes = new Map([['vip', 100]]);
    expect(decide({ rules: [rule('slow')], overrides: [pin], lanes }).lane).toBe('vip');
    expect(decide({ rules: [rule('slow')], overrides: [pin], lanes: new Map() }).lane).toBe('slow');
  });
});

describe('lanes', () => {
  it('have a number each; of one that went meanwhile, messages wait in the database and are routed anew', () => {
    const open = new Map([['vip', 103]]);
    expect([numberOf('fast', open), numberOf('vip', open), numberOf('gone', open), numberOf('vip', undefined)]).toEqual(
      [LANES.fast, 103, DATABASE_TIMER, DATABASE_TIMER],
    );
  });

  it.each([
    ['vip', true],
    ['bank-d2', true],
    ['a'.repeat(32), true],
    ['a'.repeat(33), false],
    ['Vip', false],
    ['2nd', false],
    ['a.b', false],
    ['', false],
    ['müde', false],
  ])('may be called %s: %s', (name, may) => {
    expect(isLaneName(name)).toBe(may);
  });

  it('are wanted once each, with the first word on how many at once; built-in ones need no wish', () => {
    const declared = [
      { name: 'vip', concurrency: 4 },
      { name: 'vip', concurrency: 9 },
    ];
    expect(wantedLanes(declared, [{ lane: 'bulk' }, { lane: 'fast' }, { lane: null }, { lane: 'vip' }])).toEqual([
      { name: 'vip', concurrency: 4 },
      { name: 'bulk', concurrency: null },
    ]);
  });
});
