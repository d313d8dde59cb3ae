// Whoever starts instances: over HTTP and AMQP, some twice, some against a rival. What was accepted is on disk before
// it counts.
import { closeSync, fdatasync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { pause } from '../../test/support/servers/processes.mjs';

const put = promisify(write);
const sync = promisify(fdatasync);
const ANSWER_MS = 15_000;

/** Lines on disk; `add` resolves when the line is there. Many share one sync. */
export function openJournal(path) {
  const file = openSync(path, 'a');
  let text = '';
  let last = Promise.resolve();
  const flush = async () => {
    const lines = text;
    text = '';
    if (lines === '') return;
    await put(file, lines);
    await sync(file);
  };
  return {
    add(line) {
      text += `${JSON.stringify(line)}\n`;
      last = last.then(flush);
      return last;
    },
    async close() {
      await last;
      closeSync(file);
    },
  };
}

/** Starts over HTTP at any engine until one of them has it; the same `receipt` every time. */
export function httpDoor(engines, token, chance) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async (path, body, more = {}) => {
    const response = await fetch(`${chance.pick(engines).url}${path}`, {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const answer = await response.json();
    // Away, or too slow to read what was sent: neither says anything about the start.
    if (response.status === 503 || response.status === 408) throw new Error(String(response.status));
    if (!response.ok)
      throw Object.assign(new Error(`${response.status} ${JSON.stringify(answer)}`), { final: response.status < 500 });
    return answer;
  };
  const untilTaken = async (work) => {
    for (let tries = 0; ; tries++) {
      try {
        return { ...(await work()), tries };
      } catch (fault) {
        if (fault.final) throw fault;
        await pause(100 + 100 * Math.min(tries, 20));
      }
    }
  };
  return {
    start: (flow, input, receipt) =>
      untilTaken(() => ask('/api/instances', { flow, input }, { 'idempotency-key': receipt })),
    publish: (source) => untilTaken(() => ask('/api/definitions', { source })),
  };
}

/** Starts over AMQP; resolves when the broker has confirmed, however often it must be asked. */
export function amqpDoor(url, prefix) {
  let open = null;
  let closed = false;
  const channel = () => {
    open ??= (async () => {
      const connection = await connect(url, { timeout: 5_000, heartbeat: 5 });
      connection.on('error', () => {});
      const made = await connection.createConfirmChannel();
      const forget = () => {
        open = null;
        connection.close().catch(() => {});
      };
      made.on('error', () => {});
      made.on('close', forget);
      connection.on('close', forget);
      return { made, connection };
    })();
    open.catch(() => {
      open = null;
    });
    return open;
  };
  const send = async (flow, body, messageId) => {
    const { made } = await channel();
    await new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error('no confirm')), ANSWER_MS);
      made.publish(
        `${prefix}.start`,
        flow,
        body,
        { messageId, contentType: 'application/json', persistent: true, mandatory: true },
        (fault) => {
          clearTimeout(late);
          if (fault) fail(fault);
          else done();
        },
      );
    });
  };
  const untilConfirmed = async (flow, body, messageId) => {
    for (let tries = 0; !closed; tries++) {
      try {
        await send(flow, body, messageId);
        return { tries };
      } catch {
        await pause(100 + 100 * Math.min(tries, 20));
      }
    }
    throw new Error('Expected the start to be confirmed, but the run is over.');
  };
  return {
    start: (flow, input, receipt) => untilConfirmed(flow, Buffer.from(JSON.stringify(input)), receipt),
    /** Something that is no JSON: it must end in the quarantine, and nowhere else. */
    rubbish: (flow, mark) => untilConfirmed(flow, Buffer.from(`{ ${mark}`), mark),
    async close() {
      closed = true;
      const last = open;
      open = null;
      await (await last?.catch(() => null))?.connection.close().catch(() => {});
    },
  };
}
