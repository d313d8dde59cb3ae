import type { JsonObject } from '../../../core/json.js';
import type { Page } from '../../ports/views.js';

/** One thing that somebody asked for and that changes something, whether it was done or refused. Never changed. */
export interface AuditEntry {
  /** A UUIDv7. */
  readonly id: string;
  /** Database time. */
  readonly at: number;
  readonly who: string;
  /** Name of the operation, as the description of the API has it. */
  readonly action: string;
  readonly flow: string | null;
  readonly instance: string | null;
  readonly node: string | null;
  /** Status of the answer: below 400 it was done. */
  readonly status: number;
  /** What was asked for and what came of it, as far as the operation tells. No inputs and no outputs of flows. */
  readonly detail: JsonObject;
}

export interface AuditFilter {
  readonly flow?: string;
  readonly instance?: string;
  readonly who?: string;
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

/** Who did what, and who was refused. Entries are added, and read; nothing else. */
export abstract class AuditTrail {
  abstract append(entry: Omit<AuditEntry, 'at'>): Promise<void>;
  /** Newest first. */
  abstract list(filter: AuditFilter): Promise<Page<AuditEntry>>;
}
