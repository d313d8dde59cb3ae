import { randomUUID } from 'node:crypto';
import type { Circuit } from '../../core/routing/health/circuit.js';
import type { Latency } from '../../core/routing/health/latency.js';
import { POLICY } from '../../core/routing/policy.js';
import type { Subject } from '../../core/routing/subject.js';
import {
  type HealthEpoch,
  HealthStore,
  type SharedHealth,
  type SharedSubject,
} from '../../engine/health/sharing/health-store.js';
import type { Row, Session, Sql } from '../sql/session.js';
import { ROUTE_EPOCH, ROUTE_SUBJECT } from '../store/tables.js';

/** The one row of the epoch. */
const ONLY = 1;
const COLUMNS = ROUTE_SUBJECT.columns.join(', ');

/** The shared health in SQL, of either dialect. */
export class SqlHealthStore extends HealthStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async epoch(): Promise<HealthEpoch> {
    const known = await this.sql.reading(readEpoch);
    return known ?? this.sql.transaction((session) => lockEpoch(session));
  }

  override async after(version: number): Promise<SharedHealth> {
    // The epoch first: what is written between the two reads is in the second, whole.
    const epoch = await this.epoch();
    const rows = await this.sql.reading((session) =>
      session.rows(`SELECT ${COLUMNS} FROM ${ROUTE_SUBJECT.name} WHERE version > ? ORDER BY version`, [version]),
    );
    const subjects = rows.map(subjectOf);
    return { ...epoch, version: Math.max(epoch.version, subjects.at(-1)?.version ?? 0), subjects };
  }

  override write(
    expected: HealthEpoch,
    changes: readonly Omit<SharedSubject, 'version'>[],
  ): Promise<readonly SharedSubject[] | null> {
    return this.sql.transaction(async (session) => {
      const { incarnation, version } = await lockEpoch(session);
      if (incarnation !== expected.incarnation || version !== expected.version) return null;
      const written = changes.map((change, at): SharedSubject => ({ ...change, version: version + at + 1 }));
      const { probes } = POLICY.circuit;
      await session.upsert(
        ROUTE_SUBJECT,
        written.map((one) => [
          keyOf(one.subject),
          JSON.stringify(one.circuit),
          JSON.stringify(one.latency),
          probes,
          one.version,
        ]),
      );
      await session.upsert(ROUTE_EPOCH, [[ONLY, incarnation, version + written.length]]);
      return written;
    });
  }

  override takeProbe(subject: Subject, version: number): Promise<boolean> {
    return this.countProbes(subject, version, (probes) => probes - 1);
  }

  override async returnProbe(subject: Subject, version: number): Promise<void> {
    await this.countProbes(subject, version, (probes) => probes + 1);
  }

  override probesLeft(subject: Subject, version: number): Promise<number | null> {
    return this.sql.reading(async (session) => {
      const [row] = await session.find(PROBES, [[keyOf(subject)]]);
      return row && Number(row['version']) === version ? Number(row['probes']) : null;
    });
  }

  /** Writes the row before it reads it, and so waits for whoever is taking one: who is passed over would take none. */
  private countProbes(subject: Subject, version: number, to: (probes: number) => number): Promise<boolean> {
    return this.sql.transaction(async (session) => {
      const key = [keyOf(subject)];
      const count = { table: ROUTE_SUBJECT.name, key: ['subject'] };
      await session.change({ ...count, set: 'probes = probes' }, [key]);
      const [row] = await session.find(PROBES, [key]);
      if (!row || Number(row['version']) !== version) return false;
      const probes = to(Number(row['probes']));
      if (probes < 0 || probes > POLICY.circuit.probes) return false;
      await session.change({ ...count, set: 'probes = ?', values: [probes] }, [key]);
      return true;
    });
  }
}

const PROBES = { columns: 't.probes, t.version', table: ROUTE_SUBJECT.name, key: ['subject'] };

async function readEpoch(session: Session): Promise<HealthEpoch | null> {
  const [row] = await session.rows(`SELECT incarnation, version FROM ${ROUTE_EPOCH.name} WHERE id = ?`, [ONLY]);
  return row ? { incarnation: String(row['incarnation']), version: Number(row['version']) } : null;
}

/** Makes the row where there is none, and locks it. */
/** Whoever changes what all engines know of routing holds this row. */
export async function lockEpoch(session: Session): Promise<HealthEpoch> {
  await session.lay(ROUTE_EPOCH, [[ONLY, randomUUID(), 0]]);
  return (await readEpoch(session)) as HealthEpoch;
}

/** JSON in ASCII: a column of ids takes nothing else. */
const keyOf = (subject: Subject): string =>
  JSON.stringify(subject).replaceAll(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

const subjectOf = (row: Row): SharedSubject => ({
  subject: JSON.parse(String(row['subject'])) as Subject,
  circuit: JSON.parse(String(row['circuit'])) as Circuit,
  latency: JSON.parse(String(row['latency'])) as Latency,
  version: Number(row['version']),
});
