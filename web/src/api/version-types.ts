/** The versions of a flow, instances that move between them, and who did what. Times are ISO strings. */
import type { PlacedProblem } from './routing-types.js';
import type { FlowMap } from './types.js';

export interface VersionsView {
  readonly flow: string;
  /** The version that starts get. */
  readonly starts: number;
  /** Who chose it; `null`: it is the newest. */
  readonly activated: { readonly version: number; readonly by: string; readonly at: string } | null;
  /** Newest first. */
  readonly versions: readonly { readonly version: number; readonly publishedAt: string }[];
}

export interface Obstacle {
  /** `null`: the instance as a whole. */
  readonly node: string | null;
  readonly visit: number | null;
  readonly code: string;
  readonly message: string;
}

export interface MigratedOne {
  readonly instance: string;
  readonly key: string | null;
  readonly from: number;
  readonly outcome: string;
  readonly nodes: readonly { readonly node: string; readonly visit: number; readonly status: string }[];
  readonly obstacles: readonly Obstacle[];
}

export interface MigrationView {
  readonly flow: string;
  readonly to: number;
  readonly dryRun: boolean;
  readonly items: readonly MigratedOne[];
  /** Cursor of what follows; `null` at the end. */
  readonly next: string | null;
}

/** What publishing a text would find. */
export interface CheckedView {
  /** `null`: a problem is an error. */
  readonly flow: string | null;
  readonly problems: readonly PlacedProblem[];
  /** How it would be drawn. */
  readonly mermaid: string | null;
  readonly map: FlowMap | null;
}

/** How far the newest instances of a version came. */
export interface FunnelView {
  readonly flow: string;
  readonly version: number;
  /** So many were looked at. */
  readonly instances: number;
  readonly nodes: readonly {
    readonly node: string;
    readonly entered: number;
    readonly passed: number;
    readonly stands: number;
    readonly incidents: number;
  }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly taken: number }[];
}

export interface PublishedView {
  readonly flow: string;
  readonly version: number;
  /** Warnings. */
  readonly problems: readonly PlacedProblem[];
}

export interface AuditRow {
  readonly id: string;
  readonly at: string;
  readonly who: string;
  /** The operation's id in the description of the API. */
  readonly action: string;
  readonly flow: string | null;
  readonly instance: string | null;
  readonly node: string | null;
  /** Of the answer: below 400 it was done. */
  readonly status: number;
  readonly detail: Readonly<Record<string, unknown>>;
}
