import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import type { Engine } from '../../../src/engine/engine.js';
import { type PlayDraft, WritePlay } from '../../../src/engine/start/plays/write-play.js';
import { readTriggers } from '../../../src/language/routing/triggers/read-triggers.js';
import { EngineBench, until } from '../bench.js';

const COUPON = `flow: coupon
play: { type: object, required: [reward], properties: { reward: { type: number } } }
input: { type: object, required: [uid], properties: { uid: { type: string } } }
nodes:
  begin: { start: true }
  go: { wait: shop.go, match: { uid: input.uid } }
  give: { task: coupon.give, in: { uid: input.uid, reward: play.reward } }
  more: { task: coupon.more }
  done: { end: given }
  rich: { end: rich }
edges:
  - begin -> go -> give
  - give -> more: play.reward > 10
  - give -> done: else
  - more -> rich
`;
const CALLING = `flow: calling
play: { type: object }
nodes: { begin: { start: true }, on: { call: plain }, done: { end: done } }
edges: [begin -> on -> done]
`;
const PLAIN = 'flow: plain\nnodes: { begin: { start: true }, done: { end: success } }\nedges: [begin -> done]\n';
const HAND = { by: 'ann', reason: null };
const DRAFT: PlayDraft = { title: null, params: { reward: 5 }, window: null, audience: null, quota: null };

describe('a play', () => {
  let bench: EngineBench;
  let write: WritePlay;
  const given: JsonObject[] = [];
  afterEach(() => bench.end());

  async function stage(drafts: Readonly<Record<string, Partial<PlayDraft>>>): Promise<Engine> {
    given.length = 0;
    const give = async (input: JsonObject) => {
      given.push(input);
      return {};
    };
    bench = new EngineBench({ 'coupon.give': give, 'coupon.more': give }, COUPON, PLAIN, CALLING);
    write = new WritePlay(bench.store, bench.catalog);
    const engine = await bench.engine();
    for (const [code, draft] of Object.entries(drafts)) {
      const created = await write.create({ code, flow: 'coupon', ...DRAFT, ...draft }, HAND);
      if (!created.ok) throw new Error(created.error.message);
    }
    return engine;
  }
  const start = (engine: Engine, play: string, uid: string, receipt?: string) =>
    engine.startInstance.execute({ flow: '', play, input: { uid }, ...(receipt && { receipt }) });
  const go = (engine: Engine, uid: string) =>
    engine.beside.messaging.send.execute({ name: 'shop.go', payload: { uid } });
  const codeOf = (answer: Awaited<ReturnType<typeof start>>) => (answer.ok ? 'started' : answer.error.code);
  const countsOf = async (engine: Engine, play: string) => {
    await engine.beside.tellCounts();
    return (await bench.store.triggers.counts()).find(({ trigger }) => trigger === `@${play}`);
  };

  it('gives its parameters to what it starts, for life: a later change is for others', async () => {
    const engine = await stage({ october: {} });
    const first = await start(engine, 'october', 'ann');
    await write.change('october', { params: { reward: 50 } }, HAND);
    await start(engine, 'october', 'bob');
    for (const uid of ['ann', 'bob']) await go(engine, uid);
    await until(
      'the ends',
      async () => (await bench.views.instances({ status: 'completed', limit: 9 })).items.length === 2,
    );
    expect(given.filter(({ reward }) => reward !== undefined)).toEqual([
      { uid: 'ann', reward: 5 },
      { uid: 'bob', reward: 50 },
    ]);
    const outcomes = (await bench.views.instances({ play: 'october', limit: 9 })).items.map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['given', 'rich']);
    const kept = await bench.views.instance(first.ok ? first.value.id : '');
    expect(kept?.input).toEqual({ uid: 'ann', $play: { code: 'october', revision: 1, params: { reward: 5 } } });
    expect(await bench.store.plays.counts('october')).toEqual({ completed: 2 });
    expect(await countsOf(engine, 'october')).toMatchObject({ started: 2 });
  });

  it('cannot be forged, and neither flow nor play goes alone', async () => {
    const engine = await stage({ october: {} });
    const forged = { uid: 'u', $play: { code: 'x', revision: 1, params: { reward: 9e9 } } };
    const alone = await engine.startInstance.execute({ flow: 'coupon', input: forged });
    expect(alone).toMatchObject({ ok: false, error: { code: 'NO_PLAY' } });
    const plain = await engine.startInstance.execute({ flow: 'plain', input: forged });
    expect(plain).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
    const played = await engine.startInstance.execute({ flow: 'coupon', play: 'october', input: forged });
    const view = await bench.views.instance(played.ok ? played.value.id : '');
    expect(view?.input).toMatchObject({ $play: { code: 'october', params: { reward: 5 } } });
    expect(await write.create({ code: 'x', flow: 'plain', ...DRAFT }, HAND)).toMatchObject({
      error: { code: 'NOT_PLAYABLE' },
    });
    const other = await engine.startInstance.execute({ flow: 'plain', play: 'october', input: { uid: 'u' } });
    expect(other).toMatchObject({ ok: false, error: { code: 'INVALID_PLAY' } });
    expect(codeOf(await start(engine, 'nobody', 'u'))).toBe('UNKNOWN_PLAY');
  });

  it('is not that of a flow that is called without `in`', async () => {
    const engine = await stage({});
    expect((await write.create({ code: 'c', flow: 'calling', ...DRAFT }, HAND)).ok).toBe(true);
    expect((await start(engine, 'c', 'ann')).ok).toBe(true);
    const called = await until(
      'the called',
      async () => (await bench.views.instances({ flow: 'plain', limit: 1 })).items[0],
    );
    expect((await bench.views.instance(called.id))?.input).toEqual({ uid: 'ann' });
  });

  it('starts who it is for, while it is open and not paused, and nobody when it has ended', async () => {
    const past = { fromMs: 0, toMs: 5 };
    const engine = await stage({
      ann: { audience: 'input.uid == "ann" and play.reward == 5' },
      past: { window: past },
    });
    expect(codeOf(await start(engine, 'ann', 'ann'))).toBe('started');
    expect(codeOf(await start(engine, 'ann', 'bob'))).toBe('NOT_IN_AUDIENCE');
    expect(codeOf(await start(engine, 'past', 'ann'))).toBe('PLAY_NOT_OPEN');
    await write.turn('ann', 'pause', HAND);
    expect(codeOf(await start(engine, 'ann', 'ann'))).toBe('PLAY_PAUSED');
    expect(await write.turn('ann', 'pause', HAND)).toMatchObject({ error: { code: 'PLAY_STATE' } });
    await write.turn('ann', 'resume', HAND);
    expect(codeOf(await start(engine, 'ann', 'ann'))).toBe('started');
    await write.turn('ann', 'end', HAND);
    expect(codeOf(await start(engine, 'ann', 'ann'))).toBe('PLAY_ENDED');
    expect(await write.change('ann', { title: 'Again' }, HAND)).toMatchObject({ error: { code: 'PLAY_ENDED' } });
    expect(await countsOf(engine, 'ann')).toMatchObject({ started: 2, passed: 3 });
  });

  it('knows a start that it let in, however it stands by then', async () => {
    const engine = await stage({ october: { quota: { max: 1, by: null } } });
    const first = await start(engine, 'october', 'ann', 'start-1');
    await write.turn('october', 'end', HAND);
    const again = await start(engine, 'october', 'ann', 'start-1');
    expect(again).toMatchObject({ value: { id: first.ok ? first.value.id : '', duplicate: true } });
    expect(codeOf(await start(engine, 'october', 'ann', 'start-2'))).toBe('PLAY_ENDED');
  });

  it('starts no more than its quota, of each value, however many ask at once', async () => {
    const engine = await stage({ one: { quota: { max: 1, by: 'input.uid' } } });
    const asked = await Promise.all([1, 2, 3, 4].map((n) => start(engine, 'one', n < 4 ? 'ann' : 'bob')));
    expect(asked.map(codeOf).sort()).toEqual(['PLAY_USED_UP', 'PLAY_USED_UP', 'started', 'started']);
    const repeated = await Promise.all([1, 2].map(() => start(engine, 'one', 'cid', 'same')));
    expect(repeated.map(codeOf)).toEqual(['started', 'started']);
    expect(await countsOf(engine, 'one')).toMatchObject({ started: 3, over: 2, duplicate: 1 });
  });

  it('uses nothing of its quota for what could not be started', async () => {
    const engine = await stage({ one: { quota: { max: 1, by: null } } });
    const refused = await engine.startInstance.execute({ flow: '', play: 'one', input: { uid: 7 } });
    expect(refused).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    expect(codeOf(await start(engine, 'one', 'ann'))).toBe('started');
    expect(await countsOf(engine, 'one')).toMatchObject({ failed: 1, started: 1 });
  });

  it('is refused when it does not fit its flow, when it is written and when the flow has changed since', async () => {
    const engine = await stage({ october: {} });
    const bad = { params: { reward: 'five' }, audience: 'play.rewrad > 3', window: { fromMs: 9, toMs: 3 } };
    const refused = await write.change('october', bad, HAND);
    expect(refused).toMatchObject({ error: { code: 'INVALID_PLAY' } });
    expect(!refused.ok && refused.error.violations?.map(({ pointer }) => pointer)).toEqual([
      '/params/reward',
      '/audience',
      '/window',
    ]);
    expect(await write.create({ code: 'october', flow: 'coupon', ...DRAFT }, HAND)).toMatchObject({
      error: { code: 'PLAY_EXISTS' },
    });
    expect(await write.change('october', {}, { ...HAND, revision: 7 })).toMatchObject({
      error: { code: 'PLAY_CHANGED' },
    });
    bench.catalog.publish(
      COUPON.replace('required: [reward], properties: {', 'required: [reward, limit], properties: { limit: {},'),
      2,
    );
    expect(codeOf(await start(engine, 'october', 'ann'))).toBe('INVALID_PLAY');
  });

  const follow = (engine: Engine, trigger: string): void => {
    const { triggers, problems } = readTriggers(`triggers: [{ ${trigger} }]`, 'x.triggers.yaml');
    if (!triggers) throw new Error(problems.map(({ message }) => message).join('\n'));
    engine.triggers.follow(triggers);
  };
  const tell = async (engine: Engine, uid: unknown, id: string) => {
    const answer = await engine.beside.messaging.send.execute({
      name: 'cart.added',
      payload: { uid } as JsonObject,
      id,
    });
    return answer.ok ? answer.value.started : [];
  };

  it('is started by a trigger, which hears when it says no', async () => {
    const engine = await stage({ october: { quota: { max: 1, by: 'input.uid' } } });
    follow(engine, 'code: cart, on: cart.added, play: october');
    expect(await tell(engine, 'ann', 'e1')).toMatchObject([
      { trigger: 'cart', play: 'october', flow: 'coupon', duplicate: false },
    ]);
    expect(await tell(engine, 'ann', 'e1')).toMatchObject([{ duplicate: true }]);
    expect(await tell(engine, 'ann', 'e2')).toEqual([]);
    await write.turn('october', 'pause', HAND);
    expect(await tell(engine, 'bob', 'e3')).toEqual([]);
    expect((await bench.views.quarantined({ limit: 9 })).items).toEqual([]);
    await engine.beside.tellCounts();
    const [counts] = (await bench.store.triggers.counts()).filter(({ trigger }) => trigger === 'cart');
    expect(counts).toMatchObject({ started: 1, duplicate: 1, over: 1, passed: 1 });
  });

  it('is found by an event that is for every live play of its flow', async () => {
    const engine = await stage({ a: {}, b: { params: { reward: 7 } }, c: {} });
    follow(engine, 'code: cart, on: cart.added, plays: coupon');
    await write.turn('b', 'pause', HAND);
    expect((await tell(engine, 'ann', 'e1')).map(({ play }) => play)).toEqual(['a', 'c']);
    await write.turn('b', 'resume', HAND);
    expect((await tell(engine, 'ann', 'e1')).map(({ play, duplicate }) => [play, duplicate])).toEqual([
      ['a', true],
      ['b', false],
      ['c', true],
    ]);
    expect((await bench.views.instances({ limit: 9 })).items).toHaveLength(3);
  });

  it('is kept in the quarantine with what it could not start, and starts it when it is replayed', async () => {
    const engine = await stage({});
    follow(engine, 'code: cart, on: cart.added, play: late');
    expect(await tell(engine, 'ann', 'e1')).toEqual([]);
    const { items } = await bench.views.quarantined({ limit: 9 });
    expect(items).toMatchObject([{ code: 'UNKNOWN_PLAY', headers: { 'sluice-play': 'late' } }]);
    await write.create({ code: 'late', flow: 'coupon', ...DRAFT }, HAND);
    const replayed = await engine.replayQuarantined.execute({ id: items[0]?.id ?? '', by: 'ann' });
    expect(replayed).toMatchObject({ ok: true });
    expect(await tell(engine, 'ann', 'e1')).toMatchObject([{ play: 'late', duplicate: true }]);
  });

  it('is named by a start message in a header', async () => {
    const engine = await stage({ october: {} });
    const body = new TextEncoder().encode('{"uid":"ann"}');
    bench.broker.publishStart('coupon', body, { messageId: 's1', headers: { 'sluice-play': 'october' } });
    await until(
      'the start',
      async () => (await bench.views.instances({ play: 'october', limit: 9 })).items.length === 1,
    );
    expect(engine.tally.get('start.stored')).toBe(1);
  });
});
