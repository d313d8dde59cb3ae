/** What the command line reads of the API's answers about routing. The API may tell more. */

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
  readonly asked: readonly {
    readonly node: string;
    readonly subject: string;
    readonly open: boolean;
    readonly said: string | null;
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
