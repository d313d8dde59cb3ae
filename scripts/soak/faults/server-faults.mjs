// What happens to the database and the broker as a whole.
import { createConnection } from 'mysql2/promise';
import { callApi } from '../../../test/support/servers/broker-api.mjs';
import { pause } from '../../../test/support/servers/processes.mjs';
import { isGroupStopped, until } from './proof.mjs';

const seconds = (chance, low, high, longestMs) => Math.min(longestMs, chance.int(low * 1_000, high * 1_000));

/** How often the end of a memory alarm is asked for. */
const ALARM_ENDS = 10;

const kill = (which, weight) => ({
  kind: `kill ${which}`,
  weight,
  needs: which,
  supported: ({ control }) => control.canKill(which),
  async run({ place: { control }, chance }) {
    const before = control.pid?.(which);
    await control.kill(which);
    const dead = control.alive ? !control.alive(which) : true;
    await pause(chance.int(0, 3_000));
    await control.start(which);
    const after = control.pid?.(which);
    if (!dead || (before !== undefined && before === after)) return null;
    return before === undefined ? `the ${which} answered no more, and then again` : `pid ${before} became ${after}`;
  },
});

const stop = (which, weight, low, high) => ({
  kind: `stop ${which}`,
  weight,
  needs: which,
  supported: ({ control }) => Boolean(control.signal),
  async run({ place: { control }, chance, longestMs }) {
    const forMs = seconds(chance, low, high, longestMs);
    control.signal(which, 'SIGSTOP');
    try {
      const stopped = await until(() => isGroupStopped(control.pid(which)), 2_000);
      await pause(forMs);
      return stopped ? `the ${which} stood still for ${forMs} ms` : null;
    } finally {
      control.signal(which, 'SIGCONT');
    }
  },
});

export const SERVER_FAULTS = [
  kill('broker', 4),
  stop('broker', 2, 5, 60),
  {
    kind: 'memory alarm',
    weight: 2,
    needs: 'broker',
    supported: ({ control, api }) => Boolean(control.brokerctl && api),
    async run({ place: { control, api }, chance, longestMs }) {
      const alarmed = async () => (await callApi(api, 'GET', '/api/nodes')).some(({ mem_alarm }) => mem_alarm);
      await control.brokerctl('set_vm_memory_high_watermark', '0.0001');
      try {
        const raised = await until(alarmed, 10_000);
        await pause(seconds(chance, 5, 10, longestMs));
        return raised ? 'the management API showed mem_alarm' : null;
      } finally {
        // Until it is seen to be over: a busy machine may lose the command, and an alarm for ever stops all publishers.
        for (let over = false, tries = 0; !over && tries < ALARM_ENDS; tries++) {
          await control.brokerctl('set_vm_memory_high_watermark', '0.6').catch(() => {});
          over = await until(async () => !(await alarmed()), 15_000);
        }
      }
    },
  },
  kill('database', 4),
  stop('database', 2, 2, 20),
  {
    kind: 'read only',
    weight: 2,
    needs: 'database',
    async run({ place: { database, databaseUrl, name }, chance, longestMs }) {
      await database.query('SET GLOBAL read_only = ON');
      try {
        const refused = await until(() => isRefused(databaseUrl, name), 5_000);
        await pause(seconds(chance, 5, 20, longestMs));
        return refused ? 'a write of an engine’s user was refused' : null;
      } finally {
        await until(() => database.query('SET GLOBAL read_only = OFF').then(Boolean), 60_000);
      }
    },
  },
  {
    kind: 'kill database connections',
    weight: 1,
    needs: 'database',
    async run({ place: { database, name } }) {
      let killed = 0;
      // Engines that are idle, or have lost the server a moment ago, have none.
      await until(async () => {
        const [rows] = await database.query('SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = ?', [
          name,
        ]);
        for (const { id } of rows) {
          killed += await database.query(`KILL ${Number(id)}`).then(
            () => 1,
            () => 0,
          );
        }
        return killed > 0;
      }, 20_000);
      return killed > 0 ? `${killed} connections` : null;
    },
  },
  {
    kind: 'lock an instance',
    weight: 1,
    needs: 'database',
    async run({ place: { database } }) {
      const connection = await database.getConnection();
      try {
        await connection.query('START TRANSACTION');
        const [rows] = await connection.query(
          "SELECT id FROM instance WHERE status = 'running' ORDER BY id DESC LIMIT 1 FOR UPDATE",
        );
        await pause(8_000);
        await connection.query('ROLLBACK');
        return rows.length > 0 ? `${rows[0].id} for 8 s` : null;
      } finally {
        connection.destroy();
      }
    },
  },
];

/** Tries a write as an engine would. */
async function isRefused(url, name) {
  const connection = await createConnection({ uri: url });
  try {
    await connection.query(`UPDATE ${name}.live_key SET instance = instance WHERE flow = 'none'`);
    return false;
  } catch (fault) {
    return fault.code === 'ER_OPTION_PREVENTS_STATEMENT';
  } finally {
    connection.destroy();
  }
}
