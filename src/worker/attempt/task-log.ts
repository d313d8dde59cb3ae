import type { AttemptOrder } from '../../engine/ports/handlers.js';
import type { Log } from '../../engine/ports/log.js';

/** A log for a handler: every line says by itself which attempt it belongs to. */
export function taskLog(log: Log, context: AttemptOrder['context']): Log {
  const { flow, version, instance, node, visit, attempt } = context;
  const place = { flow, version, instance, node, visit, attempt };
  return {
    info: (message, facts) => log.info(message, { ...facts, ...place }),
    warn: (message, facts) => log.warn(message, { ...facts, ...place }),
    error: (message, facts) => log.error(message, { ...facts, ...place }),
  };
}
