import type { Instance, InstanceStatus, NodeInstance } from '../../core/flow/instance.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { ManualRecord } from '../commit/messages/message-store.js';
import type { QuarantineRecord, QuarantineState } from '../operate/quarantine/kept-message.js';
import type { AttemptRecord } from './store.js';

/** Keyset page: newest first; `next` is opaque, `null` at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** A cursor that no page of this list has given. */
export class UnknownCursor extends Error {
  override readonly name = 'UnknownCursor';

  constructor() {
    super(
      'Expected `cursor` to be `next` of a page of this list, but it is none. Leave it out to begin with the first page.',
    );
  }
}

export interface InstanceFilter {
  readonly flow?: string;
  /** The play that started it. */
  readonly play?: string;
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

/** What a person is asked to do; `version` is the one that the instance is in now. */
export interface ManualTaskView extends ManualRecord {
  /** Business key of the instance. */
  readonly key: string | null;
}

export interface ManualTaskFilter {
  readonly instance?: string;
  readonly flow?: string;
  readonly assignee?: string;
  /** Only what is for one of these; `null` among them: also what is for anybody. */
  readonly assignees?: readonly (string | null)[];
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

export interface QuarantineView extends QuarantineRecord {
  readonly id: string;
  readonly at: number;
  readonly state: QuarantineState;
  /** How often somebody tried to replay it. */
  readonly replays: number;
  /** Who did the last thing to it, and when; `null` when nobody has. */
  readonly handledBy: string | null;
  readonly handledAt: number | null;
}

export interface QuarantineFilter {
  readonly state?: QuarantineState;
  readonly cursor?: string;
  readonly limit: number;
}

/** Where a walk over the instances is. They are taken flow by flow, status by status, by id. */
export interface AuditPlace {
  readonly flow: string;
  readonly status: InstanceStatus;
  readonly id: string;
}

/** One page of a walk: few rows of one flow and status. */
export interface AuditPage {
  /** Instances that were looked at. */
  readonly looked: number;
  /** Those whose count of active nodes differs from their rows, or that have nothing to do, or are over and still do. */
  readonly odd: readonly string[];
  /** Where to go on; `null` at the end. */
  readonly next: AuditPlace | null;
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
  /** What people are asked to do, the oldest first. */
  abstract manualTasks(filter: ManualTaskFilter): Promise<Page<ManualTaskView>>;
  /** Of each body no more than the first 4,096 characters. */
  abstract quarantined(filter: QuarantineFilter): Promise<Page<QuarantineView>>;
  /** One kept message, with its body as it is kept. */
  abstract quarantinedOne(id: string): Promise<QuarantineView | null>;
  /**
   * Looks at the next instances in one of these statuses, at most `limit`. What it finds odd may have moved between two
   * reads: whoever acts on it looks again under the lock.
   */
  abstract audit(statuses: readonly InstanceStatus[], after: AuditPlace | null, limit: number): Promise<AuditPage>;
}
