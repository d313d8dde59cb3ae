import type { Pool, PoolConnection } from 'mysql2';
import { faultOf, meansAgain } from './mysql-faults.js';
import { MysqlSession } from './mysql-session.js';
import type { Change, Session, Sql, Value } from './session.js';

const QUERY_TIMEOUT_MS = 10_000;
const TRIES = 5;

/** MySQL and MariaDB, over the pool of the data source. */
export class MysqlSql implements Sql {
  constructor(private readonly pool: Pool) {}

  async transaction<T>(work: (session: Session) => Promise<T>, timeoutMs = QUERY_TIMEOUT_MS): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.attempt(work, timeoutMs);
      } catch (error) {
        if (tries >= TRIES || !meansAgain(error)) throw error;
      }
      await new Promise((wake) => setTimeout(wake, 5 + Math.random() * 195));
    }
  }

  async reading<T>(work: (session: Session) => Promise<T>, timeoutMs = QUERY_TIMEOUT_MS): Promise<T> {
    const session = new MysqlSession(await this.connect(), timeoutMs);
    try {
      return await work(session);
    } finally {
      session.release();
    }
  }

  /** The server commits a statement by itself that stands in no transaction. */
  change(what: Change, keys: readonly (readonly Value[])[]): Promise<void> {
    return this.reading((session) => session.change(what, keys));
  }

  private async attempt<T>(work: (session: Session) => Promise<T>, timeoutMs: number): Promise<T> {
    const session = new MysqlSession(await this.connect(), timeoutMs);
    try {
      session.begin();
      const answer = await work(session);
      await session.commit();
      return answer;
    } catch (error) {
      await session.rollback();
      throw error;
    } finally {
      session.release();
    }
  }

  private connect(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => (error ? reject(faultOf(error)) : resolve(connection)));
    });
  }
}
