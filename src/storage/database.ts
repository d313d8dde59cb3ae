/** The database as a whole: its schema, whether it answers, its end. */
export abstract class Database {
  /** Names of the migrations that have not run yet, in order. */
  abstract pending(): Promise<readonly string[]>;
  /** Runs them; answers their names. Safe against several engines at once. */
  abstract migrate(): Promise<readonly string[]>;
  /** Resolves when the database answers. */
  abstract ping(): Promise<void>;
  /** Waits for open transactions, then closes. Safe to call twice. */
  abstract close(): Promise<void>;
  /** For people: `SQLite 3.45.1`, `MariaDB 10.11.6`. */
  abstract readonly about: string;
}
