// The wire between one engine and one server, with everything that can happen to a wire.
import { connect, createServer } from 'node:net';

/** How long after a swallowed answer the wire is cut: long enough for the server to have done what it was told. */
const CUT_AFTER_MS = 30;

/** What the client says, or the server answers, when the lost answer is to be the next one. */
const MARKS = {
  /** COM_QUERY with COMMIT: its answer is lost. */
  commit: { from: 'client', bytes: Buffer.from('COMMIT') },
  /** basic.ack from the broker: the confirm itself is lost. */
  confirm: { from: 'server', bytes: Buffer.from([0, 60, 0, 80]) },
};

/** Opens a proxy on a free port of 127.0.0.1. */
export async function openProxy(target) {
  const pairs = new Set();
  const counts = { cut: 0, heldBytes: 0, delayed: 0, swallowed: 0 };
  let held = null;
  let latency = null;
  let armed = null;

  const server = createServer((client) => {
    const upstream = connect(target);
    const pair = { client, upstream, deaf: false, waiting: [] };
    pairs.add(pair);
    for (const [name, from, to] of [
      ['client', client, upstream],
      ['server', upstream, client],
    ]) {
      from.setNoDelay(true);
      let last = Promise.resolve();
      from.on('data', (bytes) => {
        if (armed && bytes.includes(MARKS[armed].bytes) && MARKS[armed].from === name) loseAnswer(pair);
        if (pair.deaf && name === 'server') return;
        if (held === 'both' || held === name) {
          counts.heldBytes += bytes.length;
          pair.waiting.push([to, bytes]);
          return;
        }
        if (!latency) return void (to.writable && !to.write(bytes) && waitFor(from, to));
        counts.delayed++;
        const due = new Promise((wake) => setTimeout(wake, latency()));
        last = Promise.all([last, due]).then(() => void (to.writable && to.write(bytes)));
      });
      from.on('error', () => {});
      from.on('close', () => {
        if (client.destroyed && upstream.destroyed) pairs.delete(pair);
        // The far side of a dead wire hears nothing, not even an end.
        if (held && !pair.ended) pair.waiting.push([to, null]);
        else to.destroy();
      });
    }
  });

  function loseAnswer(pair) {
    armed = null;
    pair.deaf = true;
    counts.swallowed++;
    setTimeout(() => end(pair), CUT_AFTER_MS);
  }

  function end(pair) {
    pair.ended = true;
    pair.client.resetAndDestroy();
    pair.upstream.resetAndDestroy();
  }

  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: server.address().port,
    counts,
    /** Connections that are open now. */
    open: () => pairs.size,
    /** Resets every connection; answers how many there were. */
    cut() {
      const ended = [...pairs];
      for (const pair of ended) end(pair);
      counts.cut += ended.length;
      return ended.length;
    },
    /** Lets nothing through from `client`, from `server` or from `both`, and tells neither side. */
    hold(from) {
      held = from;
    },
    /** Delays every piece by `ms()`; `null` ends it. */
    delay(ms) {
      latency = ms;
    },
    /** Loses the answer to the next COMMIT, or the next confirm, and cuts that connection. */
    arm(mark) {
      armed = mark;
    },
    /** Lets everything through again, also what was held. */
    letGo() {
      held = null;
      latency = null;
      armed = null;
      for (const pair of pairs) {
        for (const [to, bytes] of pair.waiting.splice(0)) {
          if (bytes === null) to.destroy();
          else if (to.writable) to.write(bytes);
        }
      }
    },
    async close() {
      for (const pair of pairs) end(pair);
      await new Promise((done) => server.close(done));
    },
  };
}

function waitFor(from, to) {
  from.pause();
  to.once('drain', () => from.resume());
}
