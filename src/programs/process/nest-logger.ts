import type { LoggerService } from '@nestjs/common';
import type { Log } from '../../engine/ports/log.js';

/** Nest's own messages in the same lines as ours. Its chatter about modules and routes is left out. */
export class NestLogger implements LoggerService {
  constructor(private readonly lines: Log) {}

  log(): void {}

  error(message: unknown, ...more: unknown[]): void {
    this.lines.error(String(message), { more: more.map(String) });
  }

  warn(message: unknown): void {
    this.lines.warn(String(message));
  }
}
