// What happens to engines and their wires. Each fault answers what proves that it happened, or null.
import { pause } from '../../../test/support/servers/processes.mjs';
import { isStopped, until } from './proof.mjs';

const seconds = (chance, low, high, longestMs) => Math.min(longestMs, chance.int(low * 1_000, high * 1_000));

/** One of the two wires of the engine. */
const wireOf = (engine, chance) => {
  const which = chance.pick(['database', 'broker']);
  return [which, engine.proxies[which]];
};

/** Longest end in order: 25 s for handlers, 12 s for servers that give no answer, 14 s to close what they hold open. */
const END_MS = 52_000;

export const ENGINE_FAULTS = [
  {
    kind: 'kill engine',
    weight: 25,
    needs: 'engine',
    async run({ engine, chance, longestMs }) {
      const { pid } = engine;
      const { signal } = await engine.end('SIGKILL');
      await pause(seconds(chance, 0, 5, longestMs));
      await engine.start();
      return signal === 'SIGKILL' && engine.pid !== pid ? `${engine.name}: pid ${pid} became ${engine.pid}` : null;
    },
  },
  {
    kind: 'stop engine',
    weight: 12,
    needs: 'engine',
    async run({ engine, chance, longestMs }) {
      const forMs = seconds(chance, 2, chance.chance(0.2) ? 90 : 25, longestMs);
      engine.signal('SIGSTOP');
      const stopped = await until(() => isStopped(engine.pid), 2_000);
      await pause(forMs);
      engine.signal('SIGCONT');
      return stopped ? `${engine.name} stood still for ${forMs} ms` : null;
    },
  },
  {
    kind: 'reset wire',
    weight: 12,
    needs: 'engine',
    async run({ engine, chance }) {
      const [which, proxy] = wireOf(engine, chance);
      await until(() => proxy.open() > 0, 10_000);
      const cut = proxy.cut();
      return cut > 0 ? `${engine.name}: ${cut} connections to the ${which}` : null;
    },
  },
  {
    kind: 'black hole',
    weight: 8,
    needs: 'engine',
    async run({ engine, chance, longestMs }) {
      const [which, proxy] = wireOf(engine, chance);
      const from = chance.pick(['client', 'server']);
      const before = proxy.counts.heldBytes;
      proxy.hold(from);
      await pause(seconds(chance, 1, 40, longestMs));
      proxy.letGo();
      const bytes = proxy.counts.heldBytes - before;
      return bytes > 0 ? `${engine.name}: ${bytes} bytes from the ${from} on the wire to the ${which}` : null;
    },
  },
  {
    kind: 'latency',
    weight: 5,
    needs: 'engine',
    async run({ engine, chance, longestMs }) {
      const [which, proxy] = wireOf(engine, chance);
      const before = proxy.counts.delayed;
      proxy.delay(() => chance.int(0, 400));
      await pause(seconds(chance, 4, 15, longestMs));
      proxy.letGo();
      const delayed = proxy.counts.delayed - before;
      return delayed > 0 ? `${engine.name}: ${delayed} pieces on the wire to the ${which}` : null;
    },
  },
  {
    kind: 'lose answer to commit',
    weight: 6,
    needs: 'engine',
    run: ({ engine }) => loseAnswer(engine, 'database', 'commit'),
  },
  {
    kind: 'lose publisher confirm',
    weight: 6,
    needs: 'engine',
    run: ({ engine }) => loseAnswer(engine, 'broker', 'confirm'),
  },
  {
    kind: 'terminate engine',
    weight: 2,
    needs: 'engine',
    async run({ engine }) {
      const { pid } = engine;
      const began = Date.now();
      const ended = await Promise.race([engine.end('SIGTERM'), pause(END_MS).then(() => null)]);
      const tookMs = Date.now() - began;
      if (!ended) {
        engine.unplanned.push({ code: null, signal: null, log: `SIGTERM has not ended it within ${tookMs} ms` });
        await engine.end('SIGKILL');
      } else if (ended.code !== 0) engine.unplanned.push({ ...ended, log: `after SIGTERM: ${engine.log(800)}` });
      await engine.start();
      return ended && engine.pid !== pid ? `${engine.name}: ended by itself in ${tookMs} ms with ${ended.code}` : null;
    },
  },
];

async function loseAnswer(engine, which, mark) {
  const proxy = engine.proxies[which];
  const before = proxy.counts.swallowed;
  proxy.arm(mark);
  await until(() => proxy.counts.swallowed > before, 45_000);
  proxy.arm(null);
  return proxy.counts.swallowed > before ? `${engine.name}: one ${mark} and its connection` : null;
}
