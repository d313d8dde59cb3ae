import { describe, expect, it } from 'vitest';
import { cancelled, completed, failed, fired, paused, received, resumed } from '../../support/flow-spec.js';
import { BESIDE, benchOf, definitionOf, did, of, PAY, phasesOf, RETRY, settled } from '../../support/participants.js';

describe('participants of an instance that is ended', () => {
  it.each([
    ['cancelled by a person', cancelled, 'cancelled', null],
    ['terminated', received('stop'), 'completed', 'terminated'],
  ] as const)('while they try are cancelled before it is %s', (_, end, status, outcome) => {
    const bench = benchOf(BESIDE, did('a', 'try'), end);
    expect(phasesOf(bench)).toEqual(['a.try done', 'a.cancel ready', 'b.try cancelled', 'b.cancel ready']);
    expect(bench.row('pay')?.status).toBe('cancelling');
    expect(bench.instance).toMatchObject({ status: 'compensating', endedAt: null, state: { ending: { status } } });
    bench.happens(did('a', 'cancel'));
    expect(bench.instance.status).toBe('compensating');
    bench.happens(did('b', 'cancel'));
    expect(bench.instance).toMatchObject({ status, outcome, active: 0 });
    expect(bench.instance.state.ending).toBeUndefined();
    expect(bench.row('pay')?.status).toBe('cancelled');
    expect(bench.outputs.get('pay#1')).toMatchObject({ _result: false, outcome: 'cancelled', participant: null });
  });

  it('that are to confirm go on to, and nothing is cancelled', () => {
    const bench = benchOf(BESIDE, did('a', 'try'), did('b', 'try'), did('a', 'confirm'), cancelled);
    expect(phasesOf(bench)).toEqual(['a.try done', 'a.confirm done', 'b.try done', 'b.confirm ready']);
    expect(bench.instance.status).toBe('compensating');
    bench.happens(did('b', 'confirm'));
    expect(bench.instance).toMatchObject({ status: 'cancelled', outcome: null });
    expect(bench.row('pay')?.status).toBe('done');
    expect(bench.outputs.get('pay#1')).toMatchObject({ _result: true, outcome: 'confirmed' });
    expect(bench.row('yes')).toBeUndefined();
  });

  it('are settled although it is ended twice, and the first end stands', () => {
    const bench = benchOf(BESIDE, did('a', 'try'), received('stop'));
    expect(bench.happens(cancelled)).toMatchObject({ error: { reason: 'ending' } });
    for (const name of ['a', 'b'] as const) bench.happens(did(name, 'cancel'));
    expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'terminated' });
  });

  it('are settled although it was paused, when a person cancels it', () => {
    const bench = benchOf(BESIDE, did('a', 'try'), did('b', 'try'), paused);
    const answer = bench.happens(cancelled);
    expect(bench.instance.status).toBe('compensating');
    const sent = answer.ok ? answer.value.effects.filter(({ type }) => type === 'dispatch') : [];
    expect(sent).toMatchObject([
      { node: 'pay', visit: of('a', 'confirm').visit },
      { node: 'pay', visit: of('b', 'confirm').visit },
    ]);
  });

  it('wait with everything else of it for the resume, when it ends itself', () => {
    const bench = benchOf(BESIDE, did('a', 'try'), paused, received('stop'));
    expect(bench.instance.status).toBe('paused');
    bench.happens(resumed);
    expect(bench.instance.status).toBe('compensating');
    for (const name of ['a', 'b'] as const) bench.happens(did(name, 'cancel'));
    expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'terminated' });
  });

  it('that cannot be settled keep it an incident until a person sees to it', () => {
    const bench = benchOf(BESIDE, did('a', 'try'), cancelled);
    bench.happens(failed('pay', 'GONE', { ...of('a', 'cancel'), permanent: true }));
    bench.happens(did('b', 'cancel'));
    expect(bench.instance.status).toBe('incident');
    bench.happens(settled('a', 'cancel'));
    expect(bench.instance.status).toBe('cancelled');
  });
});

describe('a time to try', () => {
  const definition = definitionOf(
    `  pay: { ${PAY}, ${RETRY}, order: sequence, within: 30s }
  yes: { end: yes }
  no: { end: no }
  late: { end: late }
`,
    '  - begin -> pay\n  - pay -> yes: _result\n  - pay -> no: else\n  - pay -> late: on timeout\n',
  );

  it('cancels who was told to try when it is over, and goes by the line of a time-out', () => {
    const bench = benchOf(definition, did('a', 'try'), fired('pay@within'));
    expect(phasesOf(bench)).toEqual(['a.try done', 'a.cancel ready', 'b.try cancelled', 'b.cancel ready']);
    for (const name of ['a', 'b'] as const) bench.happens(did(name, 'cancel'));
    expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'late' });
    expect(bench.outputs.get('pay#1')).toMatchObject({
      outcome: 'cancelled',
      participant: null,
      code: 'TIMEOUT',
      message: "Expected all of 'pay' to have tried within 30000 ms, but 'b' had not.",
    });
  });

  it('does not wait for those who try again', () => {
    const bench = benchOf(definition, failed('pay', 'BUSY', of('a', 'try')), fired('pay@within'));
    expect(phasesOf(bench)).toEqual(['a.try cancelled', 'a.cancel ready']);
  });

  it('is over when all have tried, or one could not', () => {
    const confirming = benchOf(definition, did('a', 'try'), did('b', 'try'));
    expect(confirming.row('pay@within')?.status).toBe('cancelled');
    expect(confirming.happens(fired('pay@within'))).toMatchObject({ error: { reason: 'node-instance-over' } });
    const cancelling = benchOf(definition, completed('pay', false, of('a', 'try')));
    expect(cancelling.row('pay@within')?.status).toBe('cancelled');
  });

  it('passes in no pause', () => {
    const bench = benchOf(definition, paused);
    expect(bench.happens(fired('pay@within'))).toMatchObject({ error: { reason: 'paused' } });
  });
});

describe('participants of a node that is withdrawn', () => {
  const definition = definitionOf(
    `  pay: { ${PAY}, ${RETRY}, scope: pay }
  after: { task: after.all }
  yes: { end: yes }
`,
    `  - begin -> pay -> yes
  - { from: pay, to: after, event: on message stop }
  - after -> yes
`,
  );

  it('are cancelled beside what the instance goes on with', () => {
    const bench = benchOf(definition, did('a', 'try'), received('pay@2'));
    expect(phasesOf(bench)).toEqual(['a.try done', 'a.cancel ready', 'b.try cancelled', 'b.cancel ready']);
    expect(bench.row('after')?.status).toBe('ready');
    bench.happens(completed('after'));
    expect(bench.instance).toMatchObject({ status: 'running', outcome: 'yes' });
    for (const name of ['a', 'b'] as const) bench.happens(did(name, 'cancel'));
    expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'yes' });
    expect(bench.row('yes')?.visit).toBe(1);
  });

  it('hear of nothing that would withdraw them once they are to confirm', () => {
    const bench = benchOf(definition, did('a', 'try'), did('b', 'try'));
    expect(bench.row('pay@2')?.status).toBe('cancelled');
    expect(bench.happens(received('pay@2'))).toMatchObject({ error: { reason: 'node-instance-over' } });
  });

  it('do not hold up a join that waits for what can still arrive', () => {
    const joined = definitionOf(
      `  both: { gateway: parallel }
  pay: { ${PAY} }
  other: { task: other.work }
  late: { task: late.work }
  all: { join: taken }
  done: { end: done }
`,
      `  - begin -> both
  - both -> pay & other
  - pay & other -> all
  - { from: pay, to: late, event: on message stop }
  - late -> done
  - all -> done
`,
    );
    const bench = benchOf(joined, completed('other'), did('a', 'try'), received('pay@4'));
    expect(bench.row('all')?.status).toBe('done');
  });

  it('keep their section to themselves until they are settled', () => {
    const locked = definitionOf(
      `  both: { gateway: parallel }
  pay: { ${PAY}, mutex: money }
  late: { gateway: exclusive }
  other: { task: other.work, mutex: money }
  done: { end: done }
`,
      `  - begin -> both
  - both -> pay & other
  - { from: pay, to: late, event: on message stop }
  - pay & other & late -> done
`,
    );
    const bench = benchOf(locked, did('a', 'try'), received('pay@2'));
    expect(bench.row('other')).toMatchObject({ status: 'waiting', attempt: 0 });
    for (const name of ['a', 'b'] as const) bench.happens(did(name, 'cancel'));
    expect(bench.row('other')).toMatchObject({ status: 'ready', attempt: 1 });
  });
});
