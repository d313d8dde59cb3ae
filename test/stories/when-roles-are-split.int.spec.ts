import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans, order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, QUICK, Stage } from '../support/engine/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('stores what the api is asked for, runs it where the workers are, and serves people at the api alone', async () => {
  const api = await EngineProcess.start(stage.env(QUICK, { SLUICE_ROLES: 'api' }));
  const byMessage = loans(8, 'roles');
  const byHttp = order('asked-of-the-api');
  let worker: EngineProcess | undefined;
  try {
    const { flow, input } = byHttp;
    expect((await api.ask('POST', '/api/instances', { flow, input })).status).toBe(201);
    await stage.start(byMessage);
    await pause(2_000);
    expect(stage.ledger.calls, 'handlers that the api has run').toEqual([]);
    expect(await stage.count('1 = 1'), 'starts by message that the api has taken').toBe(1);

    worker = await EngineProcess.start(stage.env(QUICK, { SLUICE_ROLES: 'worker,maintainer' }));
    expect((await worker.ask('GET', '/health/ready')).status).toBe(200);
    expect((await worker.ask('GET', '/metrics')).status).toBe(200);
    for (const path of ['/api/instances', '/api/openapi.json', '/']) {
      const refused = await worker.ask('GET', path);
      expect([path, refused.status, refused.body.code]).toEqual([path, 404, 'NOT_THIS_ROLE']);
    }
    await stage.allOver([...byMessage, byHttp]);
    await stage.check([...byMessage, byHttp]);
    expect((await api.tally())['delivery.taken']).toBeUndefined();
    expect((await api.ask('GET', '/api/instances')).body.items).toHaveLength(9);
  } finally {
    await worker?.kill();
    await api.kill();
  }
}, 90_000);
