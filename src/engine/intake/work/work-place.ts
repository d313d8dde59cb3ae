import type { Json, JsonObject } from '../../../core/json.js';
import type { Clock } from '../../ports/clock.js';
import type { Handlers } from '../../ports/handlers.js';

/** What the work of a task has at hand. All handlers that it may ask are there. */
export interface WorkPlace {
  readonly handlers: Handlers;
  readonly clock: Clock;
  /** What its expressions read. */
  readonly scope: Record<string, Json>;
  /** What earlier attempts have done; empty at first. */
  readonly kept: JsonObject;
}
