import { afterAll, beforeAll, expect, it } from 'vitest';
import { order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { Stage, until } from '../support/engine/stage.js';
import { servers } from '../support/servers.mjs';

/** As after a failover, when the engine's connections still lead to the server that was demoted. */
const ORDERS = Array.from({ length: 150 }, (_, at) => order(`order-${at}`));
const CALLS = ORDERS.length * 3;
/** No administrator: those may write to a server that is read-only. */
const USER = 'sluice_t_engine';

let stage: Stage;
let url: string;

beforeAll(async () => {
  stage = await Stage.open();
  await stage.rows(`CREATE USER '${USER}'@'%' IDENTIFIED BY 'engine'`);
  await stage.rows(`GRANT ALL ON ${stage.database.name}.* TO '${USER}'@'%'`);
  const own = new URL(stage.database.url);
  own.username = USER;
  own.password = 'engine';
  url = own.href;
});

afterAll(async () => {
  await stage.rows('SET GLOBAL read_only = OFF');
  await stage.rows(`DROP USER '${USER}'@'%'`);
  await stage.close();
});

if (!servers.canKill()) console.warn('SKIPPED: the database is not ours, so it cannot be made read-only.');

it.skipIf(!servers.canKill())(
  'is not ready, keeps what its handlers answered and refuses starts, until it may write again',
  async () => {
    const engine = await EngineProcess.start(stage.env({}, { SLUICE_DATABASE_URL: url }));
    const ready = async (): Promise<number> => (await engine.ask('GET', '/health/ready')).status;
    try {
      expect(await ready()).toBe(200);
      await stage.start(ORDERS);
      await stage.ledger.reaches(120);
      await stage.rows('SET GLOBAL read_only = ON');
      await until('it to be not ready', async () => (await ready()) === 503, 5_000);
      const { body } = await engine.ask('GET', '/health/ready');
      expect(body).toEqual({ status: 'down', database: 'down', broker: 'up' });
      const { flow, input } = order('refused-meanwhile');
      const refused = await engine.ask('POST', '/api/instances', { flow, input });
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      await until('a commit that was refused', async () => ((await engine.tally())['commit.away'] ?? 0) > 0);

      await stage.rows('SET GLOBAL read_only = OFF');
      await until('it to be ready again', async () => (await ready()) === 200, 10_000);
      await stage.allOver(ORDERS, 60_000);
      await stage.check(ORDERS);
      expect(stage.ledger.calls.length, 'calls of handlers').toBe(CALLS);
    } finally {
      await stage.rows('SET GLOBAL read_only = OFF');
      await engine.kill();
    }
  },
  180_000,
);
