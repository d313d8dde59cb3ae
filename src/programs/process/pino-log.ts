import { type Logger, pino } from 'pino';
import type { Config } from '../../config/config.js';
import { Log } from '../../engine/ports/log.js';

/** JSON lines on standard error, so that standard output stays for what a command answers. */
export class PinoLog extends Log {
  private readonly pino: Logger;

  constructor(level: Config['log']) {
    super();
    this.pino = pino(
      { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
      pino.destination({ dest: 2, sync: false }),
    );
  }

  override info(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.pino.info(facts, message);
  }

  override warn(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.pino.warn(facts, message);
  }

  override error(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.pino.error(facts, message);
  }
}
