import type { Instance, InstanceStatus, NodeInstance } from '../../core/flow/instance.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { AttemptRecord, QuarantineRecord } from './store.js';

/** Keyset page: newest first; `next` is opaque, `null` at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface InstanceFilter {
  readonly flow?: string;
  readonly status?: InstanceStatus;
  /** Prefix of the business key. */
  readonly key?: string;
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

export interface NodeView extends NodeInstance {
  /** `null` when it has none yet. */
  readonly output: Json;
}

export interface OpenIncident {
  readonly id: string;
  readonly instance: string;
  readonly flow: string;
  readonly key: string | null;
  readonly node: string;
  readonly visit: number;
  readonly code: string;
  readonly message: string;
  readonly raisedAt: number;
}

export interface InstanceView {
  readonly instance: Instance;
  readonly input: JsonObject;
  readonly vars: JsonObject;
  /** By start time, then visit. */
  readonly nodes: readonly NodeView[];
  readonly attempts: readonly AttemptRecord[];
  readonly incidents: readonly OpenIncident[];
  /** Database time of the reading. */
  readonly now: number;
}

export interface QuarantineView extends QuarantineRecord {
  readonly id: string;
  readonly at: number;
}

/** An instance and its node rows without outputs: what a live graph shows. */
export interface LiveState {
  readonly instance: Instance;
  readonly nodes: readonly NodeInstance[];
}

/** The read side, for people. Never used by what writes. */
export abstract class Views {
  abstract instances(filter: InstanceFilter): Promise<Page<Instance>>;
  abstract instance(id: string): Promise<InstanceView | null>;
  /** Rows alone, for live updates; unknown ids are left out. */
  abstract states(ids: readonly string[]): Promise<{ readonly now: number; readonly items: readonly LiveState[] }>;
  /** By flow, how many instances there are in each status. */
  abstract counts(): Promise<Readonly<Record<string, Partial<Record<InstanceStatus, number>>>>>;
  abstract incidents(page: { readonly cursor?: string; readonly limit: number }): Promise<Page<OpenIncident>>;
  abstract quarantined(page: { readonly cursor?: string; readonly limit: number }): Promise<Page<QuarantineView>>;
}
