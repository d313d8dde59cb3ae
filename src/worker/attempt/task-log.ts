import type { AttemptOrder } from '../../engine/ports/handlers.js';
import { Log } from '../../engine/ports/log.js';

type Facts = Readonly<Record<string, unknown>>;

/** A log for a handler: every line says by itself which attempt it belongs to. */
export class TaskLog extends Log {
  constructor(
    private readonly log: Log,
    private readonly context: AttemptOrder['context'],
  ) {
    super();
  }

  info(message: string, facts?: Facts): void {
    this.log.info(message, this.placed(facts));
  }

  warn(message: string, facts?: Facts): void {
    this.log.warn(message, this.placed(facts));
  }

  error(message: string, facts?: Facts): void {
    this.log.error(message, this.placed(facts));
  }

  private placed(facts: Facts | undefined): Facts {
    const { flow, version, instance, node, visit, attempt } = this.context;
    return { ...facts, flow, version, instance, node, visit, attempt };
  }
}
