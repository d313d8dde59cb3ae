import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { topologyOf } from '../../src/broker/topology/topology.js';
import type { JsonObject } from '../../src/core/json.js';
import { readCorrelation, writeCorrelation } from '../../src/engine/remote/correlation.js';
import { readReply } from '../../src/engine/remote/read-reply.js';
import { writeTask } from '../../src/engine/remote/write-task.js';
import { dispatchTo } from '../contract/broker/stage/stage.js';

const contract = (name: string): string => readFileSync(`contracts/${name}`, 'utf8');
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
addFormats.default(ajv);
const isTask = ajv.compile(JSON.parse(contract('task.schema.json')));
const isReply = ajv.compile(JSON.parse(contract('reply.schema.json')));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const read = (reply: unknown) =>
  readReply({ body: Buffer.from(JSON.stringify(reply)), contentType: 'application/json', contentEncoding: null });

describe('the contract of a task', () => {
  const { message } = dispatchTo('normal', '019a9f0e-7b1c-7cc0-8d5e-2f6a1c9b0d11');
  const about = { handler: 'payment.disburse', with: { depth: 1 }, timeoutMs: 30_000 };
  const sent = { polls: 3, sentAt: 1_790_000_000_123, probe: false };

  it('is what the engine writes', () => {
    const task = writeTask(message, about, { loanId: 'L-1' }, sent, sha256);
    const body = JSON.parse(new TextDecoder().decode(task.body));
    expect(isTask(body) || isTask.errors).toBe(true);
    expect(Object.keys(body).sort()).toEqual(Object.keys(isTask.schema['properties' as never]).sort());
  });

  it('is not what has another shape', () => {
    for (const wrong of [{}, [], { sluice: 2 }]) expect(isTask(wrong)).toBe(false);
  });

  it('is the same for a copy, and has one trace for all of an instance, with a span for each visit to a node', () => {
    const first = writeTask(message, about, {}, sent, sha256);
    expect(writeTask(message, about, {}, sent, sha256)).toEqual(first);
    const spanOf = (more: Partial<typeof message>) =>
      String(writeTask({ ...message, ...more }, about, {}, sent, sha256).headers['traceparent'])
        .split('-')
        .slice(1, 3);
    const [trace, span] = spanOf({});
    expect(spanOf({ attempt: 5 })).toEqual([trace, span]);
    expect(spanOf({ visit: 77 })).toEqual([trace, expect.not.stringMatching(span ?? '')]);
  });

  it('has a trace also for an instance whose id is none', () => {
    const { headers } = writeTask({ ...message, instance: 'i1' }, about, {}, sent, sha256);
    expect(headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});

describe('the contract of a reply', () => {
  const idempotencyKey = 'i.n.1';

  it.each<[boolean, JsonObject]>([
    [true, { type: 'ok' }],
    [true, { type: 'ok', output: [1, 2] }],
    [true, { type: 'ok', output: null, tookMs: 0 }],
    [true, { type: 'ok', later: 'more' }],
    [true, { type: 'no' }],
    [true, { type: 'no', output: { why: 'age' } }],
    [true, { type: 'no', output: null }],
    [false, { type: 'no', output: 'age' }],
    [false, { type: 'no', output: [1] }],
    [true, { type: 'error', code: 'BUSY' }],
    [true, { type: 'error', code: 'BUSY', message: 'later', permanent: false }],
    [false, { type: 'error' }],
    [false, { type: 'error', code: 'busy' }],
    [false, { type: 'error', code: 'BUSY', message: 7 }],
    [false, { type: 'error', code: 'BUSY', permanent: 'yes' }],
    [true, { type: 'poll', delayMs: 1 }],
    [true, { type: 'poll', delayMs: 31_536_000_000 }],
    [false, { type: 'poll' }],
    [false, { type: 'poll', delayMs: 0 }],
    [false, { type: 'poll', delayMs: 1.5 }],
    [false, { type: 'poll', delayMs: 31_536_000_001 }],
    [true, { type: 'heartbeat' }],
    [false, { type: 'heartbeat', tookMs: -1 }],
    [false, { type: 'yes' }],
    [false, {}],
  ])('says %s to %j, and so does the engine', (wanted, reply) => {
    const whole = { idempotencyKey, ...reply };
    expect([isReply(whole), read(whole).ok]).toEqual([wanted, wanted]);
  });

  it('wants the key', () => {
    expect([isReply({ type: 'ok' }), read({ type: 'ok' }).ok]).toEqual([false, false]);
  });

  it('agrees with the engine about whatever is made up', () => {
    const member = fc.oneof(
      fc.constantFrom('BUSY', 'busy', '', null, true, 0, 1, 1.5, -1, 31_536_000_001),
      fc.constant({}),
      fc.constant([]),
    );
    const reply = fc.record(
      {
        idempotencyKey: fc.constantFrom(idempotencyKey, 7),
        type: fc.constantFrom('ok', 'no', 'error', 'poll', 'heartbeat', 'OK', null),
        output: member,
        code: member,
        message: member,
        permanent: member,
        delayMs: member,
        tookMs: member,
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(reply, (made) => isReply(made) === read(made).ok));
  });
});

describe('the AsyncAPI document', () => {
  const document = parse(contract('asyncapi.yaml'), { strict: true, uniqueKeys: true });
  const { names } = topologyOf('sluice');

  it('names the queues and the exchange as they are', () => {
    expect(document.channels.task.address.replace('{name}', 'kyc.verify')).toBe(names.task('kyc.verify'));
    expect(document.channels.replies.address).toBe(names.replies);
    expect(document.channels.replies.bindings.amqp.exchange).toMatchObject({ name: names.replies, type: 'fanout' });
    expect(document.components.messages.task.headers.properties.replyTo.const).toBe(names.replies);
  });

  it('refers to what exists', () => {
    const references = [...contract('asyncapi.yaml').matchAll(/\$ref: '?([^'\s]+)'?/g)].map(([, target]) => target);
    expect(references.length).toBeGreaterThan(8);
    for (const target of references as string[]) {
      if (target.startsWith('./')) expect(JSON.parse(contract(target.slice(2))).title).toBeTruthy();
      else
        expect(
          target
            .slice(2)
            .split('/')
            .reduce((at, key) => at?.[key], document),
          target,
        ).toBeTruthy();
    }
  });
});

describe('a correlation id', () => {
  const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,63}$/);
  const count = fc.integer({ min: 0, max: 999_999_999 });
  const any = fc.record({
    instance: fc.uuid(),
    flow: id,
    version: count,
    node: id,
    visit: count,
    attempt: count,
    polls: count,
    sentAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    probe: fc.boolean(),
  });

  it('comes back as it went, and fits into AMQP', () => {
    fc.assert(
      fc.property(any, (about) => {
        const text = writeCorrelation(about);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(255);
        expect(readCorrelation(text)).toEqual(about);
      }),
    );
  });

  it.each([null, '', 'x', '1.a.b.c', '2.i.f.1.n.1.1.0.0.n', '1.i.f.1.n.1.1.0.0.x', '1.i.f.1.n.1.1.0.0.n.more'])(
    'is not %j',
    (text) => {
      expect(readCorrelation(text)).toBeNull();
    },
  );
});
