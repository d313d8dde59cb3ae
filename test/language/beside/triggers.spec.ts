import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { triggersJsonSchema } from '../../../src/language/json-schema.js';
import { readTriggers } from '../../../src/language/routing/triggers/read-triggers.js';

const WHOLE = `triggers:
  - code: cart-coupon
    title: A coupon for the cart
    on: cart.item-added
    when: event.stock > 0 and event.onPromotion
    start: coupon
    input: { uid: event.uid, kind: "'cart'", list: [event.sku] }
    dedupe: event.id
    quota: { max: 1, by: event.uid }
    window: { from: "2026-10-01T00:00:00+08:00", to: "2026-10-31T23:59:59+08:00" }
  - { code: cart-all, on: cart.item-added, start: counting }
`;
const placesOf = (text: string): string[] =>
  readTriggers(text, 'x.triggers.yaml').problems.map(({ code, line, column }) => `${code} ${line}:${column}`);

describe('a file of triggers', () => {
  it('is read whole', () => {
    const { triggers, problems } = readTriggers(WHOLE, 'x.triggers.yaml');
    expect(problems).toEqual([]);
    expect(triggers).toMatchObject([
      {
        code: 'cart-coupon',
        title: 'A coupon for the cart',
        on: 'cart.item-added',
        when: { text: 'event.stock > 0 and event.onPromotion' },
        flow: 'coupon',
        dedupe: { text: 'event.id' },
        quota: { max: 1, by: { text: 'event.uid' } },
        window: { fromMs: Date.parse('2026-09-30T16:00:00Z'), toMs: Date.parse('2026-10-31T15:59:59Z') },
      },
      { code: 'cart-all', when: null, input: null, dedupe: null, quota: null, window: null },
    ]);
    const scope = { event: { uid: 'u', sku: 's' } };
    const input = [...(triggers?.[0]?.input ?? [])].map(([name, one]) => [name, one.value(scope)]);
    expect(Object.fromEntries(input)).toEqual({ uid: 'u', kind: 'cart', list: ['s'] });
  });

  it('warns of a condition that reads nothing', () => {
    const text = WHOLE.replace('event.stock > 0 and event.onPromotion', '1 < 2');
    expect(placesOf(text)).toEqual(['CONSTANT_CONDITION 5:11']);
    expect(readTriggers(text, 'x.triggers.yaml').triggers).toHaveLength(2);
  });

  it.each([
    ['an unknown key', ['dedupe: event.id', 'dedup: event.id'], 'UNKNOWN_KEY 8:5'],
    ['no flow', ['    start: coupon\n', ''], 'WRONG_VALUE 2:5'],
    ['a name that is none', ['on: cart.item-added\n', 'on: cart item\n'], 'WRONG_VALUE 4:9'],
    ['a code with capitals', ['cart-coupon', 'CartCoupon'], 'BAD_ID 2:11'],
    ['a code twice', ['code: cart-all', 'code: cart-coupon'], 'DUPLICATE_KEY 11:13'],
    ['another name than event', ['event.stock > 0', 'input.stock > 0'], 'UNKNOWN_NAME 5:11'],
    ['another name in the input', ['uid: event.uid, kind', 'uid: uid, kind'], 'UNKNOWN_NAME 7:19'],
    [
      'a condition that is none',
      ['event.stock > 0 and event.onPromotion', 'event.stock + 1'],
      'CONDITION_NOT_BOOLEAN 5:11',
    ],
    ['an expression that cannot be read', ['event.id', 'event.'], 'BAD_EXPRESSION 8:19'],
    ['a quota of nothing', ['max: 1', 'max: 0'], 'OUT_OF_RANGE 9:19'],
    ['a time without a zone', ['2026-10-01T00:00:00+08:00', '2026-10-01T00:00:00'], 'WRONG_VALUE 10:21'],
    ['a window that ends first', ['2026-10-01', '2026-11-01'], 'OUT_OF_RANGE 10:13'],
  ] as const)('refuses %s, at its place', (_, [from, to], place) => {
    expect(WHOLE).toContain(from);
    const text = WHOLE.replace(from, to);
    expect(placesOf(text)).toEqual([place]);
    expect(readTriggers(text, 'x.triggers.yaml').triggers).toBeNull();
  });

  it('may start by the clock instead of by a message', () => {
    const written =
      'triggers:\n  - { code: nightly, cron: "30 2 * * *", zone: Europe/Berlin, missed: all, start: report }\n';
    const { triggers, problems } = readTriggers(written, 'x.triggers.yaml');
    expect(problems).toEqual([]);
    expect(triggers).toMatchObject([
      { code: 'nightly', on: null, cron: { rule: { text: '30 2 * * *', zone: 'Europe/Berlin' }, missed: 'all' } },
    ]);
    expect(triggers?.[0]?.cron?.localAt(Date.parse('2026-07-01T00:30:00Z'))).toBe('2026-07-01T02:30:00');
    const usual = readTriggers('triggers: [{ code: a, cron: "0 9 * * *", start: b }]', 'x.triggers.yaml').triggers;
    expect(usual?.[0]?.cron).toMatchObject({ rule: { zone: 'UTC' }, missed: 'once' });
  });

  it.each([
    ['cron: "0 25 * * *"', 'BAD_CRON 1:29'],
    ['cron: "0 9 * * *", zone: Mars/Base', 'BAD_CRON 1:48'],
    ['cron: "0 9 * * *", missed: never', 'WRONG_VALUE 1:50'],
    ['cron: "0 9 * * *", on: cart.added', 'WRONG_VALUE 1:12'],
    ['on: cart.added, play: october', 'WRONG_VALUE 1:12'],
    ['title: Nothing', 'WRONG_VALUE 1:12'],
    ['on: cart.added, zone: UTC', 'WRONG_VALUE 1:12'],
    ['cron: "0 9 * * *", dedupe: event.at', 'WRONG_VALUE 1:50'],
  ])('refuses %s, at its place', (clock, place) => {
    expect(placesOf(`triggers: [{ code: a, ${clock}, start: b }]`)).toEqual([place]);
  });

  it('may start by a play, or by all of a flow, which have quotas of their own', () => {
    const list = (text: string) => readTriggers(`triggers: [{ code: a, on: b.c, ${text} }]`, 'x.triggers.yaml');
    expect(list('play: october').triggers).toMatchObject([{ flow: '', play: { code: 'october' } }]);
    expect(list('plays: coupon').triggers).toMatchObject([{ flow: '', play: { of: 'coupon' } }]);
    expect(list('plays: coupon, quota: { max: 1 }').problems).toMatchObject([{ code: 'WRONG_VALUE', column: 54 }]);
    expect(list('play: October').problems).toMatchObject([{ code: 'BAD_ID' }]);
  });

  it('is as the page about triggers shows it, and as the JSON Schema for editors says', () => {
    const docs = readFileSync(new URL('../../../docs/triggers.md', import.meta.url), 'utf8');
    const example = /```yaml\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
    expect(example).toContain('triggers:');
    expect(placesOf(example)).toEqual([]);
    const validate = new Ajv({ strict: false, logger: false }).compile(triggersJsonSchema());
    expect(validate(parse(example))).toBe(true);
    expect(validate(parse(example.replace('start: coupon', 'strat: coupon')))).toBe(false);
  });

  it.each(['', '[]', '5', 'triggers: 5', 'triggers:\n', '\u0000', 'a: &a [*a]'])('never throws: %j', (text) => {
    const { triggers, problems } = readTriggers(text, 'x.triggers.yaml');
    expect(triggers).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
  });
});
