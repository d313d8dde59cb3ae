import type { JsonObject } from '../../../core/json.js';

/** A message that could not be used; kept for people. */
export interface QuarantineRecord {
  readonly source: 'start' | 'dispatch' | 'reply' | 'message';
  readonly code: string;
  readonly reason: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly headers: JsonObject;
  /** As text (base64 when not UTF-8); whole up to 1 MiB, of larger ones the first 4 KiB. */
  readonly body: string;
  readonly encoding: 'utf8' | 'base64';
  /** Whole size in bytes. */
  readonly size: number;
  readonly sha256: string;
}

export type QuarantineState = 'open' | 'replayed' | 'discarded';

/** What somebody did to a kept message. A replay that failed again leaves it `open`, with the new reason. */
export interface QuarantineChange {
  readonly state: QuarantineState;
  readonly by: string;
  readonly refusal: { readonly code: string; readonly reason: string } | null;
}
