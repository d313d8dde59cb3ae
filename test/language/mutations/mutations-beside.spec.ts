import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRouting } from '../../../src/language/routing/read-routing.js';
import { readTriggers } from '../../../src/language/routing/triggers/read-triggers.js';
import { readFlowTest } from '../../../src/language/testing/read-flow-test.js';
import { check, withCharacterGone, withCharacterReplaced, withLineGoneOrDoubled } from './mutants.js';

const FOLDER = join(import.meta.dirname, '../../../definitions');

const ROUTING = `lanes:
  vip: { concurrency: 4 }
rules:
  - { code: scoring-gently, match: { handler: credit.score }, limit: 20, reason: their licence allows twenty }
  - { code: bank-d-slowly, match: { dims: { bank: D } }, rate: { max: 30, per: 1m }, reason: by contract }
  - { code: large-first, match: { flow: loan, tag: urgent }, lane: vip, reason: they pay for it }
overrides:
  - { code: stop-south, match: { dims: { bank: south } }, hold: true, until: "2026-12-01T00:00:00Z", reason: they asked }
`;

const TRIGGERS = `triggers:
  - code: cart-coupon
    title: A coupon for a cart on promotion
    on: cart.item-added
    when: event.stock > 0 and event.onPromotion
    start: coupon
    input: { uid: event.uid, sku: event.sku }
    dedupe: event.id
    quota: { max: 1, by: event.uid }
    window: { from: "2026-10-01T00:00:00+08:00", to: "2026-10-31T23:59:59+08:00" }
  - { code: cart-count, on: cart.item-added, start: counting }
`;

/** The two that between them have every key. */
const tests = ['loan-disbursement', 'recharge'].map(
  (name) => [name, readFileSync(join(FOLDER, `${name}.flow.test.yaml`), 'utf8'), 'test'] as const,
);

const READERS = {
  test: (text: string) => {
    const { test, problems } = readFlowTest(text, 'mutant.flow.test.yaml');
    return { result: test, problems };
  },
  routing: (text: string) => {
    const { routing, problems } = readRouting(text, 'mutant.routing.yaml');
    return { result: routing, problems };
  },
  triggers: (text: string) => {
    const { triggers, problems } = readTriggers(text, 'mutant.triggers.yaml');
    return { result: triggers, problems };
  },
};

describe.each([...tests, ['routing rules', ROUTING, 'routing'] as const, ['triggers', TRIGGERS, 'triggers'] as const])(
  '%s',
  (_, text, kind) => {
    it('is sound as it stands', () => {
      expect(READERS[kind](text)).toMatchObject({ result: expect.anything(), problems: [] });
    });

    it('with any one character or line gone, changed or doubled', () => {
      for (const mutate of [withCharacterGone, withCharacterReplaced, withLineGoneOrDoubled]) {
        for (const mutant of mutate(text)) check(mutant, READERS[kind]);
      }
    }, 180_000);
  },
);
