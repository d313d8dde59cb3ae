import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditPlace } from '../../../../src/engine/ports/views.js';
import { SystemClock } from '../../../../src/memory/system-clock.js';
import { openStorage, type Storage } from '../../../../src/storage/open-storage.js';
import { auditSql } from '../../../../src/storage/views/audit.js';
import { freshDatabase } from '../../../support/servers.mjs';
import { EMBEDDED, QuietLog } from '../opened.js';
import { candidate, done, node } from '../samples.js';

const MANY = 6_000;
const PAGE = 200;

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let storage: Storage;
let other: mysql.Connection;

beforeAll(async () => {
  fresh = await freshDatabase();
  const config = { ...EMBEDDED, mode: 'servers', databaseUrl: fresh.url, migrate: true, allowInsecure: true } as const;
  storage = await openStorage(config, new SystemClock(), new QuietLog());
  other = await mysql.createConnection(fresh.url);
  const over = { more: { status: 'completed', active: 0, endedAt: 5 }, nodes: [done(node('first'))] } as const;
  for (let at = 0; at < MANY; at += 500) {
    await storage.store.start(Array.from({ length: 500 }, (_, i) => candidate(i % 5 === 0 ? {} : over)));
  }
});

afterAll(async () => {
  await other.end();
  await storage.database.close();
  await fresh.drop();
});

it('walks along the index of flow and status, with nothing to sort', async () => {
  const session = { index: (name: string) => `FORCE INDEX (${name})` };
  const [plan] = await other.query(`EXPLAIN FORMAT=TRADITIONAL ${auditSql(session, PAGE)}`, [
    'loan',
    'completed',
    '0190',
  ]);
  const [first] = plan as { key: string; type: string; Extra: string }[];
  expect([first?.key, first?.type]).toEqual(['instance_by_status', 'range']);
  expect(first?.Extra).not.toContain('filesort');
});

it('takes as long for a page at the end as for one at the beginning', async () => {
  const times: number[] = [];
  let looked = 0;
  for (let place: AuditPlace | null | undefined; place !== null; ) {
    const since = performance.now();
    const page = await storage.views.audit(['running', 'completed'], place ?? null, PAGE);
    times.push(performance.now() - since);
    expect(page.odd).toEqual([]);
    looked += page.looked;
    place = page.next;
  }
  expect(looked).toBe(MANY);
  const median = (of: number[]): number => of.sort((a, b) => a - b)[of.length >> 1] as number;
  const [early, late] = [median(times.slice(1, 11)), median(times.slice(-11, -1))];
  expect(late).toBeLessThan(10 * early + 20);
});
