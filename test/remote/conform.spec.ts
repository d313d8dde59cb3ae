import { describe, expect, it } from 'vitest';
import { conform } from '../../src/cli/conform/conform.js';
import type { Report, Wire, WiredReply } from '../../src/cli/conform/wire.js';
import type { JsonObject } from '../../src/core/json.js';
import { call } from '../cli/support/call.js';

type Answer = Partial<Omit<WiredReply, 'body'>> & { readonly reply: unknown };
/** What a worker answers to a task; throws what it cannot read. */
type Work = (order: any, correlationId: string) => readonly Answer[] | 'dies' | 'requeues';

const ok = ({ idempotencyKey }: JsonObject): Answer => ({ reply: { type: 'ok', idempotencyKey } });

const good: Work = (order) => {
  const { idempotencyKey, input } = order;
  const reply = (more: JsonObject): Answer => ({ reply: { idempotencyKey, ...more } });
  switch (input.as) {
    case 'no':
      return [reply({ type: 'no' })];
    case 'error':
      return [reply({ type: 'error', code: 'BUSY' })];
    case 'permanent':
      return [reply({ type: 'error', code: 'CLOSED', permanent: true })];
    case 'poll':
      return [reply({ type: 'poll', delayMs: 5 })];
    case 'heartbeat':
      return [reply({ type: 'heartbeat' }), reply({ type: 'ok' })];
    default:
      return [reply({ type: 'ok', output: { pass: true } })];
  }
};

/** A worker at the other end of a wire. */
function worker(work: Work): Wire {
  const ears = new Set<(reply: WiredReply) => void>();
  let dead = false;
  let lying = 0;
  return {
    state: async () => ({ ready: lying, consumers: dead ? 0 : 1 }),
    async send({ body, correlationId }) {
      if (dead) return;
      let answers: ReturnType<Work> = [];
      try {
        const order = JSON.parse(new TextDecoder().decode(body));
        answers = work(order, correlationId);
      } catch {
        answers = work(null, correlationId);
      }
      if (answers === 'dies') dead = true;
      else if (answers === 'requeues') lying++;
      else
        for (const { reply, ...more } of answers) {
          const bytes = new TextEncoder().encode(typeof reply === 'string' ? reply : JSON.stringify(reply));
          const plain = { contentType: 'application/json', contentEncoding: null, persistent: true };
          setImmediate(() => {
            for (const hear of ears) hear({ correlationId, body: bytes, ...plain, ...more });
          });
        }
    },
    hear: (ear) => {
      ears.add(ear);
      return () => void ears.delete(ear);
    },
  };
}

/** Members that the worker reads first throw on what is no task, and it drops that. */
const careful =
  (work: Work): Work =>
  (order, correlationId) => {
    try {
      return work(order, correlationId);
    } catch {
      return [];
    }
  };

const CASES = { no: { as: 'no' }, error: { as: 'error' }, permanent: { as: 'permanent' }, poll: { as: 'poll' } };
const tried = (work: Work, cases: Partial<Record<string, JsonObject>> = {}): Promise<Report> =>
  conform({ task: 'kyc.verify', input: { loanId: 'L-1' }, cases, timeoutMs: 60 }, worker(work));
const failures = ({ findings }: Report): string[] =>
  findings.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check);

describe('a worker that keeps to the contract', () => {
  it('passes everything that it is asked', async () => {
    const report = await tried(careful(good), { ...CASES, heartbeat: { as: 'heartbeat' } });
    expect(report.findings.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect(report).toMatchObject({ task: 'kyc.verify', conforms: true });
    expect(report.findings).toHaveLength(13);
  });

  it('is not blamed for what was not tried', async () => {
    const report = await tried(careful(good));
    expect(report.conforms).toBe(true);
    expect(report.findings.filter(({ verdict }) => verdict === 'not tried')).toHaveLength(5);
  });
});

describe('a worker that does not', () => {
  let last = '';
  const firsts = new Map<string, number>();
  it.each<[string, Work, readonly string[]]>([
    ['never answers', () => [], ['answers a task']],
    ['answers nonsense', () => [{ reply: 'yes' }], ['answers a task']],
    ['forgets the key', () => [{ reply: { type: 'ok' } }], ['answers a task']],
    [
      'answers twice',
      (order) => [ok(order), ok(order)],
      [
        'answers a task',
        'tells tasks apart',
        'passes over what it does not know',
        'answers an input that is not right',
      ],
    ],
    [
      'forgets to make its answers persistent',
      (order) => [{ ...ok(order), persistent: false }],
      [
        'answers a task',
        'tells tasks apart',
        'passes over what it does not know',
        'answers an input that is not right',
      ],
    ],
    [
      'mixes tasks up',
      (order) => {
        const key = last || order.idempotencyKey;
        last = order.idempotencyKey;
        return [{ reply: { type: 'ok', idempotencyKey: key } }];
      },
      ['tells tasks apart', 'passes over what it does not know', 'answers an input that is not right'],
    ],
    [
      'does not remember what it has done',
      (order) => {
        const before = firsts.get(order.idempotencyKey) ?? 0;
        firsts.set(order.idempotencyKey, before + 1);
        const { idempotencyKey } = order;
        return before === 0 ? [ok(order)] : [{ reply: { type: 'error', code: 'EXISTS', idempotencyKey } }];
      },
      ['does the same for a copy'],
    ],
    [
      'chokes on members that it does not know',
      (order) => ('later' in order ? [] : [ok(order)]),
      ['passes over what it does not know'],
    ],
    [
      'gives no answer to an input that is not right',
      (order) => (order.input.loanId === undefined ? [] : [ok(order)]),
      ['answers an input that is not right'],
    ],
  ])('%s is told', async (_, work, checks) => {
    const failed = failures(await tried(careful(work)));
    expect(failed.slice(0, checks.length)).toEqual(checks);
  });

  it.each<[string, Work]>([
    ['dies of nonsense', (order) => (order === null || Array.isArray(order) ? 'dies' : [ok(order)])],
    ['puts nonsense back', (order) => (order === null || Array.isArray(order) ? 'requeues' : [ok(order)])],
  ])('%s is told', async (_, work) => {
    expect(failures(await tried(work))).toEqual(['outlives text that is no JSON', 'outlives JSON that is no task']);
  });

  it('answers another thing than its case is told', async () => {
    const report = await tried(careful(good), { no: { as: 'poll' }, heartbeat: {} });
    expect(failures(report)).toEqual(['answers no', 'answers heartbeat']);
  });

  it('is not there is told, and nothing is sent', async () => {
    let sent = 0;
    const wire = { ...worker(good), state: async () => ({ ready: 0, consumers: 0 }), send: async () => void sent++ };
    const report = await conform({ task: 'a', input: {}, cases: {}, timeoutMs: 50 }, wire);
    expect([failures(report), sent]).toEqual([['consumes its queue'], 0]);
  });
});

describe('sluice conform', () => {
  it.each([
    [['conform', 'no task'], 'name of a task'],
    [['conform', 'kyc.verify', '--timeout', 'soon'], '--timeout'],
    [['conform', 'kyc.verify', '--case', 'maybe={}'], '--case NAME=JSON'],
    [['conform', 'kyc.verify', '-i', '{"a":'], 'NOT_JSON'],
  ])('%j is asked wrongly', async (args, told) => {
    const { code, err } = await call(args);
    expect([code, err.includes(told)]).toEqual([2, true]);
  });

  it('says that there is no broker', async () => {
    const { code, err } = await call(['conform', 'kyc.verify', '--broker', 'amqp://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(err).toMatch(/^Expected a broker.*Set --broker\.$/);
  });
});
