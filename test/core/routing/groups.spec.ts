import { describe, expect, it } from 'vitest';
import { type AnnouncedEngine, KnownGroups } from '../../../src/core/routing/health/groups.js';
import type { Routable } from '../../../src/core/routing/opinion.js';
import { receiptOf } from '../../../src/core/routing/receipt.js';
import { replay } from '../../../src/core/routing/replay.js';
import { route } from '../../../src/core/routing/route.js';
import { EMPTY_SNAPSHOT, type Snapshot } from '../../../src/core/routing/snapshot.js';
import { messageOf, rule } from './known.js';

const NOW = 1_000_000;
const REMEMBER = 60_000;
const UP = NOW + 1;
const up = (group: string, ...handlers: readonly string[]): AnnouncedEngine => engine(group, UP, handlers);
const gone = (group: string, ago: number, ...handlers: readonly string[]): AnnouncedEngine =>
  engine(group, NOW - ago, handlers);
const engine = (group: string, upUntil: number, handlers: readonly string[]): AnnouncedEngine => ({
  engine: `${group} ${handlers.join()} ${upUntil}`,
  group,
  handlers,
  upUntil,
});
const knowing = (engines: readonly AnnouncedEngine[], own: string | null = null, since = 0): KnownGroups =>
  new KnownGroups(engines, { now: NOW, rememberMs: REMEMBER, since, own });

describe('who has the handlers of a message', () => {
  const table: readonly [string, readonly AnnouncedEngine[], readonly string[], object][] = [
    ['nobody was ever there', [], ['a'], { type: 'nobody' }],
    ['the only group has it', [up('x', 'a')], ['a'], { type: 'anywhere' }],
    ['every group has it', [up('x', 'a'), up('y', 'a', 'b')], ['a'], { type: 'anywhere' }],
    ['one group has it', [up('x', 'a'), up('y', 'b')], ['b'], { type: 'has', group: 'y' }],
    ['no group has it', [up('x', 'a'), up('y', 'b')], ['c'], { type: 'nobody' }],
    ['no engine has both', [up('x', 'a'), up('y', 'b')], ['a', 'b'], { type: 'nobody' }],
    ['two engines of a group have one each', [up('x', 'a'), up('x', 'b')], ['a', 'b'], { type: 'nobody' }],
    ['one engine has both', [up('x', 'a', 'b'), up('y', 'b')], ['a', 'b'], { type: 'has', group: 'x' }],
    ['the one that had it is gone', [up('x', 'a'), gone('y', 10, 'b')], ['b'], { type: 'waits', group: 'y' }],
    [
      'one of two that had it is gone',
      [up('x', 'a'), up('z', 'b'), gone('y', 10, 'b')],
      ['b'],
      { type: 'has', group: 'z' },
    ],
    [
      'both are gone: the last one',
      [up('x', 'a'), gone('z', 20, 'b'), gone('y', 10, 'b')],
      ['b'],
      { type: 'waits', group: 'y' },
    ],
    ['it was gone for long', [up('x', 'a'), gone('y', REMEMBER, 'b')], ['b'], { type: 'nobody' }],
    [
      'what a gone group lacks is still kept apart from it',
      [up('x', 'a'), gone('y', 10, 'b')],
      ['a'],
      { type: 'has', group: 'x' },
    ],
    [
      'a deploy: the new engine has it',
      [up('x', 'a'), up('x', 'a', 'b'), up('y', 'c')],
      ['b'],
      { type: 'has', group: 'x' },
    ],
    [
      'a deploy took it away',
      [gone('x', 10, 'a', 'b'), up('x', 'a'), up('y', 'c')],
      ['b'],
      { type: 'waits', group: 'x' },
    ],
    ['the only group, whose old engine is gone', [gone('x', 10, 'a')], ['a'], { type: 'waits', group: 'x' }],
  ];
  it.each(table)('%s', (_, engines, handlers, where) => {
    expect(knowing(engines).where(handlers, 'i.n.1')).toMatchObject(where);
  });

  it('of several that are up the own one comes first, else the same for the same id, and each for some', () => {
    const engines = [up('x', 'a'), up('y', 'a'), up('z', 'b')];
    const ids = Array.from({ length: 60 }, (_, at) => `instance-${at}.n.1`);
    const to = (own: string | null) =>
      ids.map((id) => (knowing(engines, own).where(['a'], id) as { group: string }).group);
    expect(new Set(to('y'))).toEqual(new Set(['y']));
    expect(new Set(to(null))).toEqual(new Set(['x', 'y']));
    expect(to(null)).toEqual(to('z'));
  });

  it('what was gone before this engine began is waited for from then on', () => {
    const engines = [up('x', 'a'), gone('y', 10 * REMEMBER, 'b')];
    expect(knowing(engines, null, NOW - REMEMBER + 1).where(['b'], 'i')).toMatchObject({ type: 'waits', group: 'y' });
    expect(knowing(engines, null, NOW - REMEMBER).where(['b'], 'i')).toEqual({ type: 'nobody' });
  });

  it('tells people what is up, and what a group that is gone had last', () => {
    const groups = knowing([up('x', 'a'), gone('x', 5, 'old'), gone('y', 30, 'b'), gone('y', 10, 'c')]);
    expect(groups.report()).toEqual([
      { name: 'x', up: 1, upUntil: UP, handlers: ['a'] },
      { name: 'y', up: 0, upUntil: NOW - 10, handlers: ['c'] },
    ]);
  });
});

describe('the lane of a group', () => {
  const groups = knowing([up('x', 'a'), up('y', 'b'), gone('w', 10, 'c')]);
  const lanes = new Map(
    ['x', 'y', 'w'].flatMap((group, at) =>
      ['fast', 'normal', 'slow', 'retry', 'probe'].map(
        (lane, number) => [`${lane}@${group}`, 100 + at * 10 + number] as const,
      ),
    ),
  );
  const snapshot: Snapshot = { ...EMPTY_SNAPSHOT, groups, lanes };
  const message = (handler: string, more: Partial<Routable> = {}): Routable => ({
    ...messageOf({ handler }),
    handlers: [handler],
    ...more,
  });

  it.each([
    ['the default', message('a'), snapshot, 'normal@x'],
    ['a third attempt', message('a', { attempt: 3 }), snapshot, 'retry@x'],
    ['a message that anybody may do', messageOf({ handler: 'a' }), snapshot, 'normal'],
    ['a handler that nobody has', message('q'), snapshot, 'normal'],
    ['a group that is gone', message('c'), snapshot, 'normal@w'],
    ['without groups', message('a'), EMPTY_SNAPSHOT, 'normal'],
    ['before its lanes are made', message('a'), { ...snapshot, lanes: new Map() }, 'normal'],
  ] as const)('%s', (_, asked, known, lane) => {
    expect(route(asked, known, NOW).lane).toBe(lane);
  });

  it('a lane of a rule whose part is not made yet is the part of normal', () => {
    const known = { ...snapshot, rules: [rule('vip', {}, 'vip')], lanes: new Map([...lanes, ['vip', 150] as const]) };
    expect(route(message('a'), known, NOW).lane).toBe('normal@x');
    expect(route(message('a'), { ...known, lanes: new Map([...known.lanes, ['vip@x', 151] as const]) }, NOW).lane).toBe(
      'vip@x',
    );
  });

  it('pressure looks at the part, not at the lane of all', () => {
    const timer = message('a', { kind: 'timer' });
    expect(route(timer, { ...snapshot, saturated: new Set(['fast']) }, NOW).lane).toBe('fast@x');
    const full = route(timer, { ...snapshot, saturated: new Set(['fast@x']) }, NOW);
    expect(full.lane).toBe('normal@x');
    expect(full.reason).toContain('the lane fast@x is full');
  });

  it('says which group and why; only what is not usual needs a receipt', () => {
    const has = route(message('a'), snapshot, NOW);
    expect(has.reason).toBe("normal@x: attempt 1, no rule says otherwise; only the group x has 'a'");
    expect(receiptOf(has, 'a', 'a', snapshot)).toBeNull();
    const waits = route(message('c'), snapshot, NOW);
    expect(waits.reason).toContain(
      "the group w has 'c', and no engine of it has been up since 1970-01-01T00:16:39.990Z",
    );
    expect(receiptOf(waits, 'c', 'c', snapshot)?.trace.map(({ code, won }) => `${code} ${won.join()}`)).toEqual([
      'default lane',
      'group.waits lane',
    ]);
  });

  it('a message that came to the wrong engine waits before it comes again, at the word of its group', () => {
    const exceeds = { code: 'group.elsewhere', said: "this engine does not have 'a'" };
    const sent = route(message('a', { cause: 'deferred', delayMs: 250, exceeds }), snapshot, NOW);
    expect(sent).toMatchObject({ lane: 'normal@x', action: 'defer', delayMs: 250, code: 'group.elsewhere' });
    expect(sent.reason).toBe(
      "normal@x: this engine does not have 'a'; only the group x has 'a'; looked at again in 0.3 s",
    );
  });

  it('other rules change nothing about the group: a replay compares the lanes of all', () => {
    const { trace } = route(message('c'), snapshot, NOW);
    expect(replay(message('c'), trace, []).lane).toBe('normal');
  });
});
