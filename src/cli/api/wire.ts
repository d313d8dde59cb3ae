/** What the command line reads of the API's answers. The API may tell more. */

export interface InstanceRow {
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly status: string;
  readonly outcome: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly active: number;
  readonly incidents: number;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export interface NodeView {
  /** Its idempotency key. */
  readonly id: string;
  readonly node: string;
  readonly visit: number;
  readonly shown: string;
  readonly attempt: number;
  readonly polls: number;
  readonly lane: string | null;
  readonly reason: string | null;
  readonly wakeAt: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly error: Failure | null;
  readonly attempts: readonly {
    readonly attempt: number;
    readonly how: string;
    readonly decision: string;
    readonly error: Failure | null;
    readonly at: string;
    readonly lane: string | null;
  }[];
}

export interface IncidentRow extends Failure {
  readonly instance: string;
  readonly flow: string;
  readonly key: string | null;
  readonly node: string;
  readonly visit: number;
  readonly raisedAt: string;
}

export interface InstanceView extends Omit<InstanceRow, 'incidents'> {
  readonly nodes: readonly NodeView[];
  readonly incidents: readonly IncidentRow[];
}

export interface QuarantineRow {
  readonly id: string;
  readonly at: string;
  readonly source: string;
  readonly code: string;
  readonly reason: string;
  readonly routingKey: string;
  readonly size: number;
}

export interface QuarantineView extends QuarantineRow {
  readonly exchange: string;
  readonly headers: unknown;
  readonly body: string;
  readonly encoding: string;
  readonly state: string;
  readonly replays: number;
  readonly handledBy: string | null;
  readonly handledAt: string | null;
}

export interface RepairView {
  readonly loops: readonly {
    readonly name: string;
    readonly everyMs: number;
    readonly rounds: number;
    readonly failed: number;
    readonly lastAt: string | null;
    readonly lastMs: number | null;
    readonly lastError: string | null;
  }[];
  readonly lanes: readonly {
    readonly lane: string;
    readonly watermark: string | null;
    readonly depth: number | null;
  }[];
  readonly inHand: number;
  readonly waitingCommits: number;
  readonly unconfirmed: number;
  readonly broker: { readonly ready: boolean; readonly blocked: boolean };
  readonly database: { readonly up: boolean; readonly pingMs: number | null };
  readonly counts: Readonly<Record<string, number>>;
}

export interface TaskRow {
  readonly instance: string;
  readonly flow: string;
  readonly key: string | null;
  readonly node: string;
  readonly title: string;
  readonly assignee: string | null;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly overdue: boolean;
}

export interface TriggerRow {
  readonly code: string;
  readonly on: string | null;
  readonly cron: { readonly text: string; readonly zone: string; readonly nextAt: string | null } | null;
  readonly flow: string | null;
  readonly play: string | null;
  readonly playsOf: string | null;
  readonly counts: Readonly<Record<'started' | 'duplicate' | 'passed' | 'over' | 'failed', number>>;
  readonly lastAt: string | null;
}

export interface VersionsView {
  readonly flow: string;
  readonly starts: number;
  readonly activated: { readonly by: string; readonly at: string } | null;
  readonly versions: readonly { readonly version: number; readonly publishedAt: string }[];
}

export interface MigratedOne {
  readonly instance: string;
  readonly key: string | null;
  readonly from: number;
  readonly outcome: 'moves' | 'moved' | 'stays' | 'busy';
  readonly nodes: readonly { readonly node: string; readonly status: string }[];
  readonly obstacles: readonly { readonly code: string; readonly message: string }[];
}

export interface FunnelView {
  readonly version: number;
  readonly instances: number;
  readonly nodes: readonly {
    readonly node: string;
    readonly entered: number;
    readonly passed: number;
    readonly stands: number;
    readonly incidents: number;
  }[];
}

export interface AuditRow {
  readonly at: string;
  readonly who: string;
  readonly action: string;
  readonly flow: string | null;
  readonly instance: string | null;
  readonly node: string | null;
  readonly status: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
