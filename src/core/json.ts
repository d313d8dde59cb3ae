/** What crosses every boundary of the engine: broker, database, HTTP and handlers alike. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Absent keys are absent, never `undefined`. */
export interface JsonObject {
  readonly [key: string]: Json;
}
