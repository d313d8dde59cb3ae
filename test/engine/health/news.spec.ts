import { describe, expect, it } from 'vitest';
import { CLOSED } from '../../../src/core/routing/health/circuit.js';
import { UNKNOWN_LATENCY } from '../../../src/core/routing/health/latency.js';
import { BudgetNews } from '../../../src/engine/health/limits/budget-news.js';
import { FlapNews } from '../../../src/engine/health/sharing/flap-news.js';
import { LaneNews } from '../../../src/engine/health/sharing/lane-news.js';
import { SharedWorld } from './shared-world.js';

const NOW = 10_000_000;
const keys = (events: readonly { readonly routingKey: string }[]) => events.map(({ routingKey }) => routingKey);

describe('what the outside is told of lanes', () => {
  const wait = (waitsMs: number | null, lane = 'normal') => ({ lane, dueAt: waitsMs === null ? null : NOW - waitsMs });

  it('is that one is late, once, and once that it has caught up', () => {
    const news = new LaneNews();
    expect(news.of([wait(59_999)], NOW)).toEqual([]);
    expect(news.of([wait(60_000), wait(null, 'slow')], NOW)).toEqual([
      {
        id: `lane:normal:late:${NOW - 60_000}`,
        routingKey: 'lane.late.normal',
        body: { lane: 'normal', since: new Date(NOW - 60_000).toISOString(), oldestMs: 60_000 },
      },
    ]);
    expect(news.of([wait(90_000)], NOW)).toEqual([]);
    expect(news.of([wait(5_000)], NOW)).toEqual([]);
    expect(keys(news.of([wait(4_999)], NOW))).toEqual(['lane.caught-up.normal']);
    expect(news.of([wait(null)], NOW)).toEqual([]);
    expect(keys(news.of([wait(70_000)], NOW))).toEqual(['lane.late.normal']);
    expect(keys(news.of([wait(null)], NOW))).toEqual(['lane.caught-up.normal']);
  });

  it('is nothing of what is not due yet, or of a lane that is gone', () => {
    const news = new LaneNews();
    expect(news.of([wait(-3_600_000)], NOW)).toEqual([]);
    news.of([wait(60_000, 'vip')], NOW);
    news.of([], NOW);
    expect(news.of([wait(null, 'vip')], NOW)).toEqual([]);
  });

  it('comes from the one engine that judges, and under the same id from the next one', async () => {
    const world = new SharedWorld(9);
    world.lanes = () => [{ lane: 'slow', dueAt: NOW }];
    await world.join(3);
    await world.pass(1_000);
    world.clock.advance(Math.max(0, NOW + 100_000 - world.clock.now()));
    await world.pass(40_000);
    expect(keys(world.announced)).toEqual(['lane.late.slow']);
    const judging = world.members.findIndex(({ sharing }) => sharing.state.isMaintainer);
    const [gone] = world.members.splice(judging, 1);
    await gone?.sharing.stop();
    await world.pass(60_000);
    expect(keys(world.announced)).toEqual(['lane.late.slow', 'lane.late.slow']);
    expect(new Set(world.announced.map(({ id }) => id)).size).toBe(1);
    world.lanes = () => [{ lane: 'slow', dueAt: null }];
    await world.pass(20_000);
    expect(keys(world.announced).at(-1)).toBe('lane.caught-up.slow');
  });
});

describe('what the outside is told of a subject that flaps', () => {
  const subject = 'bank.pay[bank=söuth]';
  const latency = { ...UNKNOWN_LATENCY, class: 'slow' as const, changes: [1, 2, 3, 4, 5, 6, 7] };
  const flapping = (frozenUntil: number | null, version = 4) => ({
    subject,
    circuit: CLOSED,
    latency: { ...latency, frozenUntil },
    version,
  });

  it('is told once, until it is over', () => {
    const news = new FlapNews();
    expect(news.of([flapping(null)], NOW)).toEqual([]);
    const [told] = news.of([flapping(NOW + 9)], NOW);
    expect(told).toEqual({
      id: 'flapping:4:bank.pay[bank=s_uth]',
      routingKey: 'subject.flapping.bank.pay[bank=s_uth]',
      body: {
        subject,
        dims: { bank: 'söuth' },
        version: 4,
        class: 'slow',
        changes: 7,
        keptUntil: new Date(NOW + 9).toISOString(),
      },
    });
    expect(news.of([flapping(NOW + 20, 5)], NOW + 8)).toEqual([]);
    expect(news.of([flapping(NOW + 20, 6)], NOW + 20)).toEqual([]);
    expect(news.of([flapping(NOW + 99, 7)], NOW + 21)).toHaveLength(1);
  });

  it('is not told again by an engine that begins to judge', () => {
    const news = new FlapNews();
    news.begin([flapping(NOW + 9)], NOW);
    expect(news.of([flapping(NOW + 9, 5)], NOW)).toEqual([]);
  });
});

describe('what the outside is told of a budget of retries', () => {
  const spent = { rule: 'gentle', subject: 'bank.pay[bank=south]', share: 0.2, calls: 50, retries: 10 };

  it('is once in a minute, of each subject, under one id for all engines', () => {
    const [one, other] = [new BudgetNews(), new BudgetNews()];
    const at = Math.floor(NOW / 60_000) * 60_000;
    const [told] = one.of(spent, at);
    expect(told).toMatchObject({
      routingKey: 'budget.spent.gentle',
      body: { rule: 'gentle', subject: spent.subject, dims: { bank: 'south' }, share: 0.2, calls: 50, retries: 10 },
    });
    expect(other.of(spent, at + 59_999)[0]?.id).toBe(told?.id);
    expect(one.of(spent, at + 59_999)).toEqual([]);
    expect(one.of({ ...spent, subject: 'bank.pay[bank=north]' }, at)).toHaveLength(1);
    const [later] = one.of(spent, at + 60_000);
    expect(later?.id).not.toBe(told?.id);
  });
});
