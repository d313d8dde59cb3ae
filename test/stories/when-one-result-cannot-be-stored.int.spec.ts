import { afterAll, beforeAll, expect, it } from 'vitest';
import { order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { QUICK, Stage, until } from '../support/engine/stage.js';

const SOUND = Array.from({ length: 54 }, (_, at) => order(`sound-${at}`));
/** The receipt of their payment has this word in it. */
const POISONED = Array.from({ length: 6 }, (_, at) => order(`poison-${at}`));
const ALL = SOUND.flatMap((one, at) => (at % 9 === 0 ? [one, POISONED[at / 9] as typeof one] : [one]));

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('makes an incident of each result that the database refuses, and stores all others of its batch', async () => {
  const engine = await EngineProcess.start(stage.env({ ...QUICK, committers: 1 }));
  try {
    await stage.rows(
      "ALTER TABLE node_instance ADD CONSTRAINT no_poison CHECK (output IS NULL OR output NOT LIKE '%poison%')",
    );
    await stage.start(ALL);
    await stage.allOver(SOUND);
    await until('all incidents', async () => (await stage.count("status = 'incident'")) === POISONED.length);
    await stage.check(SOUND);
    const incidents = await stage.rows(
      `SELECT i.business_key, n.node, n.status, JSON_VALUE(n.error, '$.code') AS code
       FROM node_instance n JOIN instance i ON i.id = n.instance WHERE n.status = 'incident' ORDER BY i.business_key`,
    );
    expect(incidents).toEqual(
      POISONED.map(({ key }) => ({ business_key: key, node: 'charge', status: 'incident', code: 'NOT_STORABLE' })),
    );
    const tally = await engine.tally();
    expect(tally['commit.broken'], 'events that could not be applied').toBe(POISONED.length);
    expect(tally['commit.bisected'], 'batches that were halved').toBeGreaterThan(0);
    expect(tally['commit.away'] ?? 0, 'batches that were kept because the database was away').toBe(0);

    await stage.rows('ALTER TABLE node_instance DROP CONSTRAINT no_poison');
    for (const { id } of await stage.instancesOf(POISONED)) {
      expect((await engine.ask('POST', `/api/instances/${id}/retry`, {})).status).toBeLessThan(300);
    }
    await stage.allOver(POISONED);
    await stage.check(POISONED);
  } finally {
    await engine.kill();
  }
});
