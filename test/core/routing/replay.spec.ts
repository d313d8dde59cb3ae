import { describe, expect, it } from 'vitest';
import { replay } from '../../../src/core/routing/replay.js';
import { route } from '../../../src/core/routing/route.js';
import { held, known, messageOf, NOW, pin, repayC, rule } from './known.js';

const decided = (of: Parameters<typeof messageOf>[0], more: Partial<typeof known> = {}) => {
  const message = messageOf(of);
  return { message, was: route(message, { ...known, ...more }, NOW) };
};

describe('a decision under other rules', () => {
  it.each([
    ['the default', { handler: 'kyc.check', dims: 'A' }, {}],
    ['a slow partner', { handler: 'loan.apply', dims: 'B', attempt: 4 }, {}],
    ['a fast partner under pressure', { handler: 'acct.query', dims: 'A' }, { saturated: new Set(['fast'] as const) }],
    ['an open circuit', repayC, {}],
    ['a pin', repayC, { overrides: [pin] }],
    ['a hold', { flow: 'loan', handler: 'kyc.check' }, { overrides: [held] }],
    ['a rule', { handler: 'kyc.check', dims: 'D' }, {}],
    ['a timer', { kind: 'timer', cause: 'timer' } as const, {}],
  ])('is what it was, when the rules are what they were: %s', (_, of, more) => {
    const { message, was } = decided(of, more);
    const { action, lane, code, trace } = replay(message, was.trace, known.rules);
    expect({ action, lane, code, trace }).toEqual({
      action: was.action,
      lane: was.lane,
      code: was.code,
      trace: was.trace,
    });
  });

  it('keeps what everybody else said then', () => {
    const { message, was } = decided({ handler: 'loan.apply', dims: 'B' });
    expect(was.lane).toBe('slow');
    expect(replay(message, was.trace, [rule('quick', { flow: 'any' }, 'fast')])).toMatchObject({
      lane: 'fast',
      code: 'rule.quick',
    });
    const circuit = decided(repayC);
    expect(replay(circuit.message, circuit.was.trace, []).lane).toBe('probe');
    const ruled = decided({ handler: 'kyc.check', dims: 'D' });
    expect([ruled.was.lane, replay(ruled.message, ruled.was.trace, []).lane]).toEqual(['slow', 'normal']);
  });

  it('of which nothing was kept said the default alone', () => {
    const { message } = decided({ handler: 'kyc.check', dims: 'A' });
    expect(replay(message, [], [rule('all', {}, 'retry', 9)])).toMatchObject({ lane: 'retry', delayMs: 9 });
  });
});
