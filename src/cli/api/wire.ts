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

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface WhyView {
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  readonly reason: string | null;
  readonly subject: string | null;
  readonly rules: string | null;
  readonly opinions: readonly {
    readonly stage: string;
    readonly said: string;
    readonly lane: string | null;
    readonly delayMs: number | null;
    readonly won: readonly string[];
  }[];
}

interface Said {
  readonly code: string;
  readonly match: Readonly<Record<string, unknown>>;
  readonly lane: string | null;
  readonly reason: string;
  readonly hits: number;
  readonly origin: string;
}

export interface OverrideRow extends Said {
  readonly hold: boolean;
  readonly ignoreCircuit: boolean;
  readonly circuit: string | null;
  readonly freeze: boolean;
  readonly until: string;
  readonly by: string | null;
}

export interface RuleList {
  readonly version: string | null;
  readonly rules: readonly (Said & {
    readonly minDelayMs: number;
    readonly limit: number | null;
    readonly rate: { readonly max: number; readonly perMs: number } | null;
  })[];
}

export interface RulesRow {
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly note: string | null;
  readonly restores: number | null;
}

export interface RulesView extends RulesRow {
  readonly source: string;
}

export interface RoutingChangeRow {
  readonly id: number;
  readonly at: string;
  readonly by: string;
  readonly kind: string;
  readonly ref: string;
  readonly reason: string | null;
}

export interface PlacedProblem {
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

export interface DelayRow {
  readonly instance: string;
  readonly flow: string;
  readonly key: string | null;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  readonly kind: string;
  readonly lane: string | null;
  readonly reason: string | null;
  readonly dueAt: string;
}

export interface ExplainView extends Pick<WhyView, 'opinions'> {
  readonly message: { readonly subject: string | null };
  readonly reason: string;
}

export interface ReplayView {
  readonly looked: number;
  readonly moved: readonly {
    readonly from: string;
    readonly to: string;
    readonly count: number;
    readonly samples: readonly { readonly instance: string; readonly node: string; readonly reason: string }[];
  }[];
  readonly later: number;
  readonly sooner: number;
}
