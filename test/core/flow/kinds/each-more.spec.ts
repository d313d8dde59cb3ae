import { describe, expect, it } from 'vitest';
import { type MoreRule, pageVisit } from '../../../../src/core/definition/work/each.js';
import { end, expr, flow, is, path, start, task } from '../../../support/build-definition.js';
import { each } from '../../../support/definition/each.js';
import {
  added,
  cancelled,
  completed,
  gathered,
  given,
  type Happening,
  item,
  listed,
  received,
  retried,
  started,
} from '../../../support/flow-spec.js';

const more = (rule: Partial<MoreRule> = {}): MoreRule => ({
  message: 'named',
  match: new Map([['claim', path('input.claim')]]),
  keepMs: null,
  items: path('result.names'),
  last: null,
  ...rule,
});
const of = (rule: Partial<MoreRule> = {}, rest: Parameters<typeof each>[0] = {}) =>
  flow({ begin: start(), many: task({ each: each({ more: more(rule), ...rest }) }), done: end() }, [
    'begin -> many -> done',
  ]);
const OPENED = '? many@more named {"claim":7}';
const begin = (definition: ReturnType<typeof of>, list: readonly string[], ...then: readonly Happening[]) =>
  given(definition).after(started({ claim: 7 }), listed('many', list), ...then);
const names = (...list: readonly string[]) => ({ claim: 7, names: list });
const counts = (name: keyof typeof ONE) => expr(`each.${name}`, ['each'], (value) => (value as typeof ONE)[name]);
const ONE = { total: 0, done: 0, yes: 0, left: 0, closed: false };

describe('a node with each that takes more', () => {
  it('waits for them from when it has its list, and not before', () => {
    given(of())
      .after()
      .when(started({ claim: 7 }))
      .gives('many');
    given(of())
      .after(started({ claim: 7 }))
      .when(listed('many', ['a']))
      .gives(OPENED, 'many#1.0');
  });

  it('begins those that come as there is room, keeps them in a row of their own, and waits for the next ones', () => {
    const bench = begin(of(), ['a'])
      .when(received('many@more', names('b', 'c')))
      .gives('took m1', 'x many@more', '? many@more#2 named {"claim":7}', 'many#1.1');
    expect(bench.outputs.get(`many#${pageVisit(1, 0)}`)).toEqual(['a']);
    expect(bench.outputs.get(`many#${pageVisit(1, 1)}`)).toEqual(['b', 'c']);
    expect(bench.outputs.get('many@more#1')).toEqual(names('b', 'c'));
  });

  it('takes the word of one message once', () => {
    begin(of(), ['a'], received('many@more', names('b')))
      .when(received('many@more', names('b')))
      .rejects('node-instance-over');
  });

  it('is over with the last of all items, and hears of none from then on', () => {
    const bench = begin(of(), ['a'], received('many@more', names('b')), completed('many', {}, item(0)))
      .when(completed('many', {}, item(1)))
      .gives('many', 'x many@more#2');
    expect(bench.happens(gathered('many', [])).ok).toBe(true);
    expect(bench.outputs.get('many#1')).toMatchObject({ total: 2, done: 2 });
    expect(bench.instance).toMatchObject({ status: 'completed', active: 0 });
    expect(bench.instance.state.facts).toEqual({ input: { claim: 7 } });
  });

  it('of a message takes all of it as one item when nobody says where the items are', () => {
    const bench = begin(of({ items: null }), ['a'])
      .when(received('many@more', { claim: 7, name: 'b' }))
      .gives('took m1', 'x many@more', '? many@more#2 named {"claim":7}', 'many#1.1');
    expect(bench.outputs.get(`many#${pageVisit(1, 1)}`)).toEqual([{ claim: 7, name: 'b' }]);
  });

  it('keeps messages as old as it was open, though each wait is a new one', () => {
    const bench = given(of({ keepMs: 0 })).after(started({ claim: 7 }), listed('many', ['a']));
    const answer = bench.when(received('many@more', names('b'))).transition();
    expect(answer.effects.find(({ type }) => type === 'wait.opened')).toMatchObject({ keepMs: 1 });
  });

  it.each([
    ['BAD_EACH', { claim: 7, names: 'ann' }],
    ['EACH_TOO_MANY', names(...Array.from({ length: 100 }, (_, n) => `n${n}`))],
  ])('is the incident %s when that is in it, adds nothing, and by a retry waits for the next one', (code, payload) => {
    const bench = begin(of(), ['a'])
      .when(received('many@more', payload))
      .gives('took m1', 'x many@more', `! many@more ${code}`);
    expect(bench.outputs.get('many@more#1')).toEqual(payload);
    expect(bench.happens(retried('many@more')).ok).toBe(true);
    expect(bench.happens(received('many@more', names('b'))).ok).toBe(true);
    expect(bench.row('many', item(1).visit)).toMatchObject({ status: 'ready' });
  });

  it('is cancelled with all of it', () => {
    begin(of(), ['a'], received('many@more', names('b')))
      .when(cancelled)
      .gives('x many@more#2', '= cancelled null');
  });
});

describe('the last of more items', () => {
  const last = is('result.last', true);

  it('is waited for when it is said what that is, even with no item left', () => {
    begin(of({ last }), ['a'])
      .when(completed('many', {}, item(0)))
      .gives();
    given(of({ last }))
      .after(started({ claim: 7 }))
      .when(listed('many', []))
      .gives(OPENED);
  });

  it('is told by a message', () => {
    begin(of({ last }), ['a'])
      .when(received('many@more', { ...names('b'), last: true }))
      .gives('took m1', 'x many@more', 'many#1.1');
    begin(of({ last }), ['a'], completed('many', {}, item(0)))
      .when(received('many@more', { ...names(), last: true }))
      .gives('took m1', 'x many@more', 'many');
  });

  it('is told by the counts, whenever they change', () => {
    const enough = expr('each.total >= 3', ['each'], (value) => (value as typeof ONE).total >= 3);
    given(of({ last: enough }))
      .after(started({ claim: 7 }))
      .when(listed('many', ['a', 'b', 'c']))
      .gives('many#1.0', 'many#1.1');
    begin(of({ last: enough }), ['a'])
      .when(received('many@more', names('b', 'c')))
      .gives('took m1', 'x many@more', 'many#1.1');
  });

  it('is an incident of the node when the counts cannot be compared', () => {
    const broken = expr('each.total > "x"', ['each'], () => 'neither');
    const bench = given(of({ last: broken }))
      .after(started({ claim: 7 }))
      .when(listed('many', ['a']))
      .gives('! many EXPRESSION_NOT_BOOLEAN');
    expect(bench.rows.has(`many#${pageVisit(1, 0)}`)).toBe(false);
  });
});

describe('until, while items become more', () => {
  it('is asked again when more have come', () => {
    const grown = expr('each.total >= 3', ['each'], (value) => (value as typeof ONE).total >= 3);
    const bench = begin(of({}, { until: { when: grown } }), ['a'])
      .when(received('many@more', names('b', 'c')))
      .gives('took m1', 'x many@more', 'many');
    expect(bench.row('many', item(0).visit)).toMatchObject({ status: 'cancelled' });
  });

  it('is asked again when no more will come', () => {
    const rule = { until: { when: counts('closed') } };
    begin(of({ last: is('result.last', true) }, rule), ['a'])
      .when(received('many@more', { ...names(), last: true }))
      .gives('took m1', 'x many@more', 'many');
  });

  it('of what an item gave is asked when one has ended, and of nothing else', () => {
    const first = is('result.first', true);
    begin(of({}, { until: { when: first } }), ['a', 'x'])
      .when(received('many@more', { ...names('b'), first: true }))
      .gives('took m1', 'x many@more', '? many@more#2 named {"claim":7}');
    begin(of({}, { until: { when: first } }), ['a', 'x'])
      .when(completed('many', { first: true }, item(0)))
      .gives('many', 'x many@more');
  });
});

describe('a person', () => {
  it('adds items, and says that there are all', () => {
    begin(of(), ['a'])
      .when(added('many', ['b']))
      .gives('many#1.1');
    begin(of({ last: is('result.last', true) }), [])
      .when(added('many', [], { closes: true }))
      .gives('many', 'x many@more');
  });

  it('takes the same wish once, however often it is offered', () => {
    const wide = of({}, { parallel: 9 });
    begin(wide, ['a'], added('many', ['b'], { seen: 1, word: 'first' }))
      .when(added('many', ['b'], { seen: 1, word: 'first' }))
      .gives();
    begin(wide, ['a'], added('many', ['b'], { word: 'first' }), added('many', ['c'], { word: 'second' }))
      .when(added('many', ['b'], { word: 'first' }))
      .gives();
    begin(wide, ['a'], added('many', ['b'], { word: 'first' }))
      .when(added('many', ['b'], { word: 'second' }))
      .gives('many#1.2');
    begin(of({ last: is('result.last', true) }), [], added('many', [], { closes: true, word: 'first' }))
      .when(added('many', [], { closes: true, word: 'first' }))
      .gives();
  });

  it('adds nothing when there are others than were seen', () => {
    begin(of(), ['a'])
      .when(added('many', ['b'], { seen: 0 }))
      .rejects('stale-attempt');
    begin(of(), ['a'])
      .when(added('many', ['b'], { seen: 1 }))
      .gives('many#1.1');
  });

  it('adds nothing to what takes no more, or not yet, or too many', () => {
    given(of())
      .after(started({ claim: 7 }))
      .when(added('many', ['b']))
      .rejects('not-waiting');
    begin(of(), ['a'], completed('many', {}, item(0)))
      .when(added('many', ['b']))
      .rejects('not-waiting');
    begin(of(), ['a'])
      .when(
        added(
          'many',
          Array.from({ length: 100 }, () => 'x'),
        ),
      )
      .rejects('not-waiting');
    const fixed = flow({ begin: start(), many: task({ each: each() }), done: end() }, ['begin -> many -> done']);
    given(fixed)
      .after(started(), listed('many', ['a']))
      .when(added('many', ['b']))
      .rejects('not-waiting');
  });
});
