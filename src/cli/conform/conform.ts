import type { JsonObject } from '../../core/json.js';
import { Exchange, type Heard, pause } from './exchange.js';
import { ASKED, type Asked, type ConformOrder, type Finding, type Report, type Wire } from './wire.js';

/** Tasks that are sent together. */
const TOGETHER = 5;
/** What no worker can read. */
const NO_TASKS: readonly (readonly [string, string])[] = [
  ['text that is no JSON', 'this is no JSON'],
  ['JSON that is no task', '[]'],
];

/**
 * Tries a worker against the contract, over its own queue. It does its real work for each task: run this where that
 * does no harm. A worker that does not answer at all is not asked further.
 */
export async function conform(order: ConformOrder, wire: Wire): Promise<Report> {
  const findings: Finding[] = [];
  const exchange = new Exchange(wire, order);
  const { consumers } = await wire.state();
  const queue = `sluice.task.${order.task}`;
  findings.push(
    finding('consumes its queue', consumers > 0, `${consumers} consumers on '${queue}'`, `Start the worker.`),
  );
  const first = consumers > 0 ? await exchange.one(order.input) : null;
  if (first) findings.push(answered('answers a task', first));
  if (!first?.final) {
    const rest = [
      'does the same for a copy',
      'tells tasks apart',
      'passes over what it does not know',
      'outlives nonsense',
    ];
    findings.push(...rest.map((check) => notTried(check, 'It does not answer.')));
    return report(order, findings);
  }
  findings.push(await sameForCopy(exchange, order.input));
  findings.push(await tellsApart(exchange));
  findings.push(answered('passes over what it does not know', await exchange.one(order.input, { later: { more: 1 } })));
  findings.push(answered('answers an input that is not right', await exchange.one({}), 'an empty input'));
  for (const [what, text] of NO_TASKS) findings.push(await outlives(exchange, wire, order, what, text));
  for (const asked of ASKED) {
    const input = order.cases[asked];
    findings.push(
      input ? await answers(exchange, asked, input) : notTried(`answers ${asked}`, `No --case ${asked}=… was given.`),
    );
  }
  return report(order, findings);
}

/** Two copies of one attempt: the same key, so the same answer. */
async function sameForCopy(exchange: Exchange, input: JsonObject): Promise<Finding> {
  const task = exchange.task(input);
  const [one] = await exchange.with([task]);
  const [two] = await exchange.with([task]);
  const same = one?.final?.outcome?.type === two?.final?.outcome?.type && two?.final != null;
  const told = `first ${shown(one)}, then ${shown(two)}`;
  return finding('does the same for a copy', same, told, 'Remember by the idempotency key what was done.');
}

async function tellsApart(exchange: Exchange): Promise<Finding> {
  const heard = await exchange.with(Array.from({ length: TOGETHER }, () => exchange.task()));
  const wrong = heard.flatMap(({ final, faults }) => (final ? faults : ['One was not answered.', ...faults]));
  const told = wrong[0] ?? `${TOGETHER} at once, each answered with its own key`;
  return finding('tells tasks apart', wrong.length === 0, told, 'Keep correlation id and key with each task.');
}

/** It may answer or drop it, but must neither end by it nor be given it for ever. */
async function outlives(
  exchange: Exchange,
  wire: Wire,
  { input, timeoutMs }: ConformOrder,
  what: string,
  text: string,
): Promise<Finding> {
  const check = `outlives ${what}`;
  const task = exchange.task();
  await wire.send({ ...task, body: new TextEncoder().encode(text), expiresMs: timeoutMs * 10 });
  const after = await exchange.one(input);
  await pause(100);
  const { ready, consumers } = await wire.state();
  const advice = 'Reject what cannot be read, without requeueing it.';
  if (!after.final || consumers === 0) return finding(check, false, 'It answers no more.', advice);
  return finding(check, ready === 0, ready === 0 ? 'goes on' : `${ready} messages lie in its queue again`, advice);
}

async function answers(exchange: Exchange, asked: Asked, input: JsonObject): Promise<Finding> {
  const heard = await exchange.one(input);
  const { final, heartbeats, faults } = heard;
  const outcome = final?.outcome;
  const is = {
    no: outcome?.type === 'completed' && isNo(outcome.output),
    error: outcome?.type === 'failed' && !outcome.permanent,
    permanent: outcome?.type === 'failed' && outcome.permanent,
    poll: outcome?.type === 'polled',
    heartbeat: heartbeats > 0 && final !== null,
  }[asked];
  const told = faults[0] ?? `${shown(heard)}${heartbeats > 0 ? ` after ${heartbeats} heartbeats` : ''}`;
  return finding(`answers ${asked}`, is && faults.length === 0, told, 'Look at the input of this --case.');
}

const isNo = (output: unknown): boolean =>
  output === false || (typeof output === 'object' && output !== null && (output as JsonObject)['_result'] === false);

function answered(check: string, heard: Heard, what = ''): Finding {
  const { final, faults } = heard;
  const told = faults[0] ?? (final ? `${what && `${what}: `}${shown(heard)}` : 'No answer came in time.');
  return finding(check, final !== null && faults.length === 0, told, '');
}

function shown(heard: Heard | undefined): string {
  const outcome = heard?.final?.outcome;
  if (!outcome) return 'nothing';
  switch (outcome.type) {
    case 'completed':
      return isNo(outcome.output) ? 'no' : 'ok';
    case 'failed':
      return `${outcome.permanent ? 'permanent ' : ''}error ${outcome.code}`;
    case 'polled':
      return `poll in ${outcome.delayMs} ms`;
  }
}

const finding = (check: string, passed: boolean, detail: string, advice: string): Finding => ({
  check,
  verdict: passed ? 'passed' : 'failed',
  detail: passed || advice === '' ? detail : `${detail} ${advice}`,
});

const notTried = (check: string, detail: string): Finding => ({ check, verdict: 'not tried', detail });

const report = ({ task }: ConformOrder, findings: readonly Finding[]): Report => ({
  task,
  conforms: findings.every(({ verdict }) => verdict !== 'failed'),
  findings,
});
