import type { JsonObject } from '../../../src/core/json.js';

/** A client's wish to have an instance. It asks until it is told that it has one. */
export interface StartPlan {
  readonly flow: string;
  /** An event starts what its trigger says; one event may start several. */
  readonly by: 'http' | 'amqp' | 'event';
  readonly event?: string;
  /** The play that starts it; absent: nobody plays its flow. */
  readonly play?: string;
  readonly receipt: string;
  readonly key: string | null;
  readonly input: JsonObject;
}
