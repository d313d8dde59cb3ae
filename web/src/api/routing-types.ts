/** What the HTTP API tells of routing, as the console reads it. */
import type { Json, Opinion } from './types.js';

export interface SubjectRow {
  readonly subject: string;
  readonly circuit: 'closed' | 'open' | 'half-open' | 'ramp';
  readonly since: string | null;
  readonly cause: string | null;
  readonly latency: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly calls: number;
  readonly failed: number;
}

export interface LaneRow {
  readonly lane: string;
  readonly depth: number | null;
  readonly full: boolean;
  readonly inHand: number;
  readonly oldestMs: number;
  readonly state: 'open' | 'closing';
  /** Null: a built-in lane. */
  readonly places: number | null;
  /** Counted since the process started; two readings make a rate. */
  readonly sent: number;
}

export interface TransitionRow {
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly cause: string | null;
  readonly at: string;
}

interface Said {
  readonly code: string;
  readonly match: Readonly<Record<string, Json>>;
  readonly lane: string | null;
  readonly reason: string;
  readonly hits: number;
  readonly origin: 'file' | 'http';
}

export interface RuleRow extends Said {
  readonly limit: number | null;
  readonly retryShare: number | null;
  readonly rate: { readonly max: number; readonly perMs: number } | null;
  readonly minDelayMs: number;
}

export interface OverrideRow extends Said {
  readonly hold: boolean;
  readonly ignoreCircuit: boolean;
  readonly circuit: 'open' | 'closed' | null;
  readonly freeze: boolean;
  readonly until: string;
  readonly by: string | null;
}

export interface RulesRow {
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly note: string | null;
  readonly restores: number | null;
}

export interface RuleList {
  readonly version: string | null;
  readonly published: RulesRow | null;
  readonly rules: readonly RuleRow[];
  readonly overrides: readonly OverrideRow[];
}

export interface PlacedProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string | null;
  readonly line: number;
  readonly column: number;
}

export interface ChangeRow {
  readonly id: number;
  readonly at: string;
  readonly by: string;
  readonly kind: string;
  readonly ref: string;
  readonly reason: string | null;
}

export interface ExplainView {
  readonly message: { readonly subject: string | null; readonly handler: string | null; readonly attempt: number };
  readonly action: 'publish' | 'defer' | 'hold' | 'fallback';
  readonly lane: string;
  readonly reason: string;
  readonly opinions: readonly Opinion[];
}

export interface ReplayView {
  readonly looked: number;
  readonly moved: readonly {
    readonly from: string;
    readonly to: string;
    readonly count: number;
    readonly samples: readonly {
      readonly instance: string;
      readonly flow: string;
      readonly node: string;
      readonly visit: number;
      readonly reason: string;
    }[];
  }[];
  readonly later: number;
  readonly sooner: number;
}

export interface DelayRow {
  readonly instance: string;
  readonly flow: string;
  readonly key: string | null;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  readonly dispatch: number;
  readonly kind: 'timer' | 'held' | 'circuit' | 'poll' | 'retry' | 'delay';
  readonly lane: string | null;
  readonly reason: string | null;
  readonly dueAt: string;
}
