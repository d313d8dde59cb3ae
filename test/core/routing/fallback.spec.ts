import { describe, expect, it } from 'vitest';
import { route } from '../../../src/core/routing/route.js';
import { held, idOver, known, messageOf, NOW, pin, repayC } from './known.js';

type About = Parameters<typeof messageOf>[0];
const go = (about: About, overrides: (typeof pin)[] = []) => {
  const message = messageOf({ degrades: true, ...about });
  const { action, lane, delayMs, code, reason } = route(message, { ...known, overrides }, NOW);
  return { to: [action, lane, delayMs, code], reason };
};
const opened = { ...pin, lane: null, circuit: 'open' as const };

describe('a message whose node has a fallback', () => {
  it('goes the way of all others while its circuit is open, and says why', () => {
    const { to, reason } = go({ handler: 'sign.query', dims: 'G' });
    expect(to).toEqual(['fallback', 'normal', 0, 'circuit.fallback']);
    expect(reason).toBe(
      'normal: the circuit of bank=G is open: 5 failures in a row; its node gives its fallback meanwhile',
    );
    expect(go({ ...repayC }).to).toEqual(['fallback', 'fast', 0, 'circuit.fallback']);
  });

  it('does not wait for a probe or a ramp either, but is one where it may be', () => {
    expect(go({ handler: 'sign.query', dims: 'H' }).to[0]).toBe('fallback');
    expect(go({ handler: 'sign.query', dims: 'F', id: idOver(0.5, 1) }).to[0]).toBe('fallback');
    expect(go({ handler: 'sign.query', dims: 'F', id: idOver(0, 0.5) }).to).toEqual([
      'publish',
      'normal',
      0,
      'default',
    ]);
    expect(go({ handler: 'sign.query', dims: 'E' }).to).toEqual(['publish', 'probe', 0, 'circuit.probe']);
  });

  it('waits for the delay of its retry, and not for the circuit', () => {
    const { to, reason } = go({ ...repayC, cause: 'retry', attempt: 2, delayMs: 5_000 });
    expect(to).toEqual(['fallback', 'fast', 5_000, 'circuit.fallback']);
    expect(reason).toMatch(/meanwhile after 5000 ms$/);
  });

  it('degrades when an operator takes the circuit for open, and waits when he holds', () => {
    expect(go({ ...repayC, handler: 'kyc.check' }, [opened]).to).toEqual(['fallback', 'fast', 0, 'override.pin-c']);
    expect(go({ ...repayC, flow: 'loan' }, [held]).to[0]).toBe('hold');
    expect(go({ ...repayC }, [{ ...opened, hold: true }]).to[0]).toBe('hold');
    expect(go({ ...repayC }, [{ ...pin, ignoreCircuit: true }]).to[0]).toBe('publish');
  });

  it('waits for a limit as any other', () => {
    const exceeds = { code: 'limit.max', said: 'five run' };
    expect(go({ handler: 'kyc.check', dims: 'A', delayMs: 900, exceeds }).to[0]).toBe('defer');
  });
});
