import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FenceState, passFence } from '../../../src/core/flow/tries/tcc/fence.js';
import { PHASES, type Phase, partAt, partVisit } from '../../../src/core/flow/tries/tcc/rule.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { Bench, completed, failed, retried, started } from '../../support/flow-spec.js';

const NAMES = ['a', 'b', 'c'];

function definitionOf(order: string, more = '') {
  const participants = NAMES.map(
    (name) => `${name}: { try: ${name}.t, confirm: ${name}.k, cancel: ${name}.x, in: {} }`,
  );
  const text = `flow: x
nodes:
  begin: { start: true }
  pay: { tcc: { ${participants.join(', ')} }, order: ${order}, retry: { remote: [1s], max: 1 } }
  yes: { end: yes }
  no: { end: no }
${more === '' ? '' : '  gone: { end: gone }\n'}edges:
  - begin -> pay
  - pay -> yes: _result
  - pay -> no: else
${more}`;
  const { definition, problems } = readDefinition(text, 'x.flow.yaml');
  if (!definition) throw new Error(JSON.stringify(problems));
  return definition;
}

const ON_GONE = '  - pay -> gone: on error GONE\n';
const of = (name: string, phase: Phase, attempt = 1) => ({ visit: partVisit(1, NAMES.indexOf(name), phase), attempt });

/** What is open, and what was ever begun, as `a.try`. */
class Watched extends Bench {
  readonly begun: string[] = [];

  told(happening: Parameters<Bench['happens']>[0]): ReturnType<Bench['happens']> {
    const answer = this.happens(happening);
    const node = this.definition.nodes.get('pay');
    const rule = node?.kind === 'task' ? node.tcc : undefined;
    for (const effect of answer.ok ? answer.value.effects : []) {
      const part = effect.type === 'dispatch' && effect.attempt === 1 && rule ? partAt(rule, effect.visit) : null;
      if (part) this.begun.push(`${part.name}.${part.phase}`);
    }
    return answer;
  }
}

const benchOf = (definition: ReturnType<typeof definitionOf>, ...happenings: Parameters<Bench['happens']>[0][]) => {
  const bench = new Watched(definition);
  for (const one of happenings) {
    const answer = bench.told(one);
    if (!answer.ok) throw new Error(answer.error.message);
  }
  return bench;
};

describe('a tcc', () => {
  it('lets all try at once, and confirms when the last has', () => {
    const bench = benchOf(definitionOf('parallel'), started());
    expect(bench.begun).toEqual(['a.try', 'b.try', 'c.try']);
    bench.told(completed('pay', { hold: 1 }, of('c', 'try')));
    bench.told(completed('pay', { hold: 2 }, of('a', 'try')));
    expect(bench.begun).toHaveLength(3);
    bench.told(completed('pay', { hold: 3 }, of('b', 'try')));
    expect(bench.begun.slice(3)).toEqual(['a.confirm', 'b.confirm', 'c.confirm']);
    for (const name of NAMES) bench.told(completed('pay', {}, of(name, 'confirm')));
    expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'yes' });
    expect(bench.outputs.get('pay#1')).toEqual({
      _result: true,
      outcome: 'confirmed',
      tried: { a: { hold: 2 }, b: { hold: 3 }, c: { hold: 1 } },
    });
  });

  it('cancels all that were told to try, when one says no, and withdraws who still tries', () => {
    const bench = benchOf(definitionOf('parallel'), started(), completed('pay', {}, of('a', 'try')));
    bench.told(completed('pay', { _result: false }, of('b', 'try')));
    expect(bench.begun.slice(3)).toEqual(['a.cancel', 'b.cancel', 'c.cancel']);
    expect(bench.row('pay', partVisit(1, 2, 'try'))?.status).toBe('cancelled');
    // Its answer comes too late to be heard.
    expect(bench.happens(completed('pay', {}, of('c', 'try')))).toMatchObject({
      error: { reason: 'node-instance-over' },
    });
    for (const name of NAMES) bench.told(completed('pay', {}, of(name, 'cancel')));
    expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'no' });
    expect(bench.outputs.get('pay#1')).toMatchObject({
      _result: false,
      outcome: 'cancelled',
      participant: 'b',
      code: null,
    });
  });

  it('in sequence tells the next when the one before has tried, and cancels only these', () => {
    const bench = benchOf(definitionOf('sequence', ON_GONE), started());
    expect(bench.begun).toEqual(['a.try']);
    bench.told(completed('pay', {}, of('a', 'try')));
    bench.told(failed('pay', 'GONE', { ...of('b', 'try'), permanent: true }));
    expect(bench.begun).toEqual(['a.try', 'b.try', 'a.cancel', 'b.cancel']);
    for (const name of ['b', 'a']) bench.told(completed('pay', {}, of(name, 'cancel')));
    expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'gone' });
  });

  it.each([
    ['TIMEOUT', '  - pay -> gone: on timeout\n', 'gone'],
    ['BUSY', '  - pay -> gone: on exhausted\n', 'gone'],
    ['BUSY', '  - pay -> gone: on error GONE\n', 'no'],
  ])('goes, when %s was the last, by a line like %s', (code, line, outcome) => {
    const bench = benchOf(definitionOf('sequence', line), started());
    for (const attempt of [1, 2]) bench.told(failed('pay', code, of('a', 'try', attempt)));
    bench.told(completed('pay', {}, of('a', 'cancel')));
    expect(bench.instance).toMatchObject({ status: 'completed', outcome });
  });

  it('tries again before it gives up, and settles until it has', () => {
    const bench = benchOf(definitionOf('parallel'), started(), failed('pay', 'BUSY', of('a', 'try')));
    expect(bench.begun).toHaveLength(3);
    bench.told(failed('pay', 'BUSY', of('a', 'try', 2)));
    expect(bench.begun.slice(3)).toEqual(['a.cancel', 'b.cancel', 'c.cancel']);
    for (let attempt = 1; attempt <= 50; attempt++) bench.told(failed('pay', 'BUSY', of('a', 'cancel', attempt)));
    expect(bench.instance.status).toBe('running');
    const last = bench.told(failed('pay', 'BUSY', of('a', 'cancel', 51)));
    expect(bench.instance.status).toBe('incident');
    const said = "Expected 'a' of 'pay' (cancel) to succeed";
    expect(last.ok && last.value.effects).toContainEqual(
      expect.objectContaining({ type: 'incident.raised', message: expect.stringContaining(said) }),
    );
    bench.told(retried('pay', partVisit(1, 0, 'cancel')));
    for (const name of NAMES) bench.told(completed('pay', {}, of(name, 'cancel', name === 'a' ? 52 : 1)));
    expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'no' });
  });

  it('is decided once, whatever comes in whatever order, and settles exactly those that were told to try', () => {
    const word = fc.record({
      name: fc.constantFrom(...NAMES),
      phase: fc.constantFrom(...PHASES),
      how: fc.constantFrom('ok', 'ok', 'ok', 'no', 'fail', 'gone'),
    });
    const all = fc.record({ order: fc.constantFrom('parallel', 'sequence'), words: fc.array(word, { maxLength: 60 }) });
    const definitions = { parallel: definitionOf('parallel'), sequence: definitionOf('sequence') };
    let [confirmed, cancelled] = [0, 0];
    fc.assert(
      fc.property(all, ({ order, words }) => {
        const bench = benchOf(definitions[order as 'parallel'], started());
        const refused = new Set<string>();
        for (const { name, phase, how } of words) {
          const { attempt = 1, status } = bench.row('pay', partVisit(1, NAMES.indexOf(name), phase)) ?? {};
          const at = of(name, phase, attempt);
          const happening =
            how === 'ok'
              ? completed('pay', {}, at)
              : how === 'no'
                ? completed('pay', false, at)
                : failed('pay', how.toUpperCase(), { ...at, permanent: how === 'gone' });
          const answer = bench.told(happening);
          if (answer.ok && phase === 'try' && status === 'ready' && how !== 'ok') refused.add(name);
        }
        const did = (phase: Phase): string[] =>
          bench.begun.filter((one) => one.endsWith(`.${phase}`)).map((one) => one.slice(0, 1));
        const [tries, confirms, cancels] = [did('try'), did('confirm'), did('cancel')];
        expect(confirms.length === 0 || cancels.length === 0).toBe(true);
        expect(new Set(bench.begun).size).toBe(bench.begun.length);
        if (confirms.length > 0) {
          expect(confirms).toEqual(NAMES);
          expect(bench.begun.slice(0, 3).sort()).toEqual(['a.try', 'b.try', 'c.try']);
          confirmed++;
        }
        if (cancels.length > 0) {
          expect(cancels).toEqual(tries);
          expect(refused.size).toBeGreaterThan(0);
          cancelled++;
        }
        if (bench.instance.status === 'completed') {
          expect(bench.instance.outcome).toBe(confirms.length > 0 ? 'yes' : 'no');
        }
      }),
      { numRuns: 300 },
    );
    expect(confirmed).toBeGreaterThan(0);
    expect(cancelled).toBeGreaterThan(0);
  });
});

describe('the fence', () => {
  const passed = (...phases: Phase[]) => {
    let state: FenceState | null = null;
    return phases.map((phase) => {
      const answer = passFence(state, phase);
      ({ state } = answer);
      return answer.verdict;
    });
  };

  it.each([
    ['a try, twice delivered, and its confirm', ['try', 'try', 'confirm', 'confirm'], ['go', 'go', 'go', 'go']],
    ['a cancel without a try', ['cancel', 'cancel'], ['empty', 'empty']],
    ['a try after its cancel', ['cancel', 'try', 'cancel'], ['empty', 'refused', 'empty']],
    [
      'a try after a cancel that had something to give back',
      ['try', 'cancel', 'try', 'cancel'],
      ['go', 'go', 'refused', 'go'],
    ],
    ['a confirm after a cancel', ['try', 'cancel', 'confirm'], ['go', 'go', 'refused']],
    ['a cancel after a confirm', ['try', 'confirm', 'cancel', 'try'], ['go', 'go', 'refused', 'refused']],
    ['a confirm without a try', ['confirm', 'try'], ['refused', 'go']],
  ] as const)('of %s', (_, phases, verdicts) => expect(passed(...phases)).toEqual(verdicts));

  it('never lets through both a confirm and a cancel, nor a try after either', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PHASES), { maxLength: 12 }), (phases) => {
        const verdicts = passed(...phases);
        const asked = phases.filter((_, at) => verdicts[at] === 'go');
        expect(asked.includes('confirm') && asked.includes('cancel')).toBe(false);
        const settled = phases.findIndex((phase, at) => phase !== 'try' && verdicts[at] !== 'refused');
        if (settled >= 0)
          expect(verdicts.filter((one, at) => at > settled && phases[at] === 'try' && one === 'go')).toEqual([]);
        // What is given back was reserved.
        for (const [at, phase] of phases.entries()) {
          if (phase === 'try' || verdicts[at] !== 'go') continue;
          expect(phases.slice(0, at).some((one, before) => one === 'try' && verdicts[before] === 'go')).toBe(true);
        }
      }),
    );
  });
});
