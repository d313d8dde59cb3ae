import type { Config } from '../config/config.js';
import { SystemClock } from '../memory/system-clock.js';
import { openStorage } from '../storage/open-storage.js';
import { PinoLog } from './process/pino-log.js';

/**
 * Brings the schema up to date, by itself and without a broker.
 * @returns the names of the migrations that ran.
 */
export async function migrateSchema(config: Config): Promise<readonly string[]> {
  const { database } = await openStorage({ ...config, migrate: false }, new SystemClock(), new PinoLog(config.log));
  try {
    return await database.migrate();
  } finally {
    await database.close();
  }
}
