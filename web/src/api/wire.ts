// Written from the schemas of the API, as its OpenAPI document has them: do not edit. What is wrong is written anew by
// `npx vitest run --project unit test/architecture/wire-types.spec.ts -u`.

/** Any JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A part of a list; `next` is the cursor of the next one, `null` on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface AttemptView {
  readonly attempt: number;
  readonly how: 'failed' | 'polled';
  /** Why, and what followed. */
  readonly decision: string;
  readonly error: Failure | null;
  readonly at: string;
  readonly lane: string | null;
}

export interface AuditRow {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly who: string;
  /** The `operationId`. */
  readonly action: string;
  readonly flow: string | null;
  readonly instance: string | null;
  readonly node: string | null;
  /** Of the answer: below 400 it was done. */
  readonly status: number;
  /** What was asked for and what came of it. */
  readonly detail: Readonly<Record<string, Json>>;
}

export interface Checked {
  /** null: a problem is an error. */
  readonly flow: string | null;
  readonly problems: readonly PlacedProblem[];
  /** How it would be drawn. */
  readonly mermaid: string | null;
  readonly map: FlowMap | null;
}

export interface DefinitionRow {
  readonly flow: string;
  readonly version: number;
  readonly title: string | null;
  readonly description: string | null;
  /** How many there are in each status; absent: none. */
  readonly instances: Readonly<Partial<Record<'running' | 'paused' | 'incident' | 'compensating' | 'completed' | 'failed' | 'cancelled', number>>>;
}

export interface DefinitionView {
  readonly flow: string;
  readonly version: number;
  readonly title: string | null;
  readonly description: string | null;
  /** The YAML, as published. */
  readonly source: string;
  readonly versions: readonly number[];
  /** What ties the diagram to the definition. */
  readonly map: FlowMap;
  /** JSON Schema of the start input. */
  readonly input: Readonly<Record<string, Json>> | null;
  /** JSON Schema of what a play configures; null: no play can. */
  readonly play: Readonly<Record<string, Json>> | null;
}

export interface DelayRow {
  readonly instance: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  /** Rises whenever it is dispatched anew. */
  readonly dispatch: number;
  /** What it waits for: its time, an operator, a partner, or another try. */
  readonly kind: 'timer' | 'held' | 'circuit' | 'poll' | 'retry' | 'delay';
  readonly lane: string | null;
  readonly reason: string | null;
  readonly dueAt: string;
  /** Who counts the time; the database does in any case. */
  readonly where: 'broker' | 'database';
}

export interface ExplainView {
  /** What was decided about, with what was left out filled in. */
  readonly message: {
    readonly kind: 'task' | 'timer';
    readonly cause: string;
    readonly flow: string;
    readonly node: string;
    readonly handler: string | null;
    readonly attempt: number;
    readonly polls: number;
    readonly delayMs: number;
    readonly tags: readonly string[];
    /** Whose health would count. */
    readonly subject: string | null;
    /** Its node has a fallback for a circuit that is open. */
    readonly degrades: boolean;
  };
  readonly action: 'publish' | 'defer' | 'hold' | 'fallback';
  readonly lane: string;
  readonly delayMs: number;
  /** Who decides. */
  readonly code: string;
  /** In one sentence. */
  readonly reason: string;
  /** The version of the rules in force; null: there are none, or it was a draft. */
  readonly rules: string | null;
  readonly opinions: readonly Opinion[];
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly permanent: boolean;
}

export interface FlowMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

export interface FunnelView {
  readonly flow: string;
  readonly version: number;
  /** So many of those that were looked at are of this version. */
  readonly instances: number;
  /** In the order of the definition. */
  readonly nodes: readonly {
    readonly node: string;
    /** Instances that came to it. */
    readonly entered: number;
    /** Of these, went on from it. */
    readonly passed: number;
    /** Of these, are there now. */
    readonly stands: number;
    /** Of these, stand there as an incident. */
    readonly incidents: number;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    /** Instances that took it. */
    readonly taken: number;
  }[];
}

export interface GroupRow {
  readonly group: string;
  /** The engine that answers is of it. */
  readonly own: boolean;
  /** Engines that are up. */
  readonly up: number;
  /** Till when the last of them counts, or counted, as being up without another word. */
  readonly upUntil: string;
  /** What engines that are up have; of a group that is gone, what the last ones had. */
  readonly handlers: readonly string[];
  /** Messages that lie ready in its lanes; null: the broker cannot tell. */
  readonly ready: number | null;
  /** How long the earliest dispatch of its lanes has been due; 0: none is. */
  readonly oldestMs: number;
}

export interface IncidentRow {
  readonly id: string;
  readonly instance: string;
  readonly flow: string;
  readonly key: string | null;
  readonly node: string;
  readonly visit: number;
  readonly code: string;
  readonly message: string;
  readonly raisedAt: string;
}

export interface InstanceEvent {
  /** Rises whenever the instance changes. */
  readonly seq: number;
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly status: 'running' | 'paused' | 'incident' | 'compensating' | 'completed' | 'failed' | 'cancelled';
  readonly outcome: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Node instances that are not over. */
  readonly active: number;
  /** How many of them are incidents. */
  readonly incidents: number;
  /** It has been ended, and is over when what participants have begun is settled; null: it has not. */
  readonly ending: {
    readonly status: 'completed' | 'failed' | 'cancelled';
    readonly by: string;
    readonly at: string;
  } | null;
  /** Arrivals that no join has consumed yet, by edge index. */
  readonly arrivals: Readonly<Record<string, number>>;
  /** The nodes that changed; only on the topic of the instance. */
  readonly nodes?: readonly LiveNode[];
}

export interface InstanceRow {
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly status: 'running' | 'paused' | 'incident' | 'compensating' | 'completed' | 'failed' | 'cancelled';
  readonly outcome: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Node instances that are not over. */
  readonly active: number;
  /** How many of them are incidents. */
  readonly incidents: number;
  /** It has been ended, and is over when what participants have begun is settled; null: it has not. */
  readonly ending: {
    readonly status: 'completed' | 'failed' | 'cancelled';
    readonly by: string;
    readonly at: string;
  } | null;
}

export interface InstanceView {
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly status: 'running' | 'paused' | 'incident' | 'compensating' | 'completed' | 'failed' | 'cancelled';
  readonly outcome: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Node instances that are not over. */
  readonly active: number;
  readonly incidents: readonly IncidentRow[];
  /** It has been ended, and is over when what participants have begun is settled; null: it has not. */
  readonly ending: {
    readonly status: 'completed' | 'failed' | 'cancelled';
    readonly by: string;
    readonly at: string;
  } | null;
  /** What the play that started it was then; null: none did. */
  readonly play: {
    readonly code: string;
    readonly revision: number;
    readonly params: Readonly<Record<string, Json>>;
  } | null;
  readonly input: Readonly<Record<string, Json>>;
  readonly vars: Readonly<Record<string, Json>>;
  /** Arrivals that no join has consumed yet, by edge index. */
  readonly arrivals: Readonly<Record<string, number>>;
  readonly nodes: readonly NodeView[];
}

export interface LaneRow {
  /** A built-in lane, or one that a rule has named. */
  readonly lane: string;
  /** Messages that lie ready; null: the broker cannot tell. */
  readonly depth: number | null;
  /** What would go to `fast` goes to `normal` then. */
  readonly full: boolean;
  /** Dispatches of it that this process has in hand. */
  readonly inHand: number;
  /** How long its earliest dispatch has been due, in hand or not; 0: none is. */
  readonly oldestMs: number;
  /** Closing: no rule names it any more, and what is left in it is done. */
  readonly state: 'open' | 'closing';
  /** Messages that each engine has in hand at once; null: a built-in lane. */
  readonly places: number | null;
  /** Dispatches that this process has sent there since it started. */
  readonly sent: number;
}

export interface LiveNode {
  /** The idempotency key that handlers get. */
  readonly id: string;
  readonly node: string;
  /** From 1; of an item of `each` a number that stands for visit and item. */
  readonly visit: number;
  /** Of `each`: which item it is, from 0; null when it is none. */
  readonly item: number | null;
  /** Of `each`: how many items are done; null when it has none. */
  readonly items: {
    readonly done: number;
    readonly total: number;
    /** More may still come. */
    readonly open: boolean;
  } | null;
  readonly status: 'ready' | 'waiting' | 'done' | 'skipped' | 'incident' | 'cancelling' | 'cancelled' | 'compensated';
  /** The state for people: `ready` told apart into queued, running, delayed, retrying and held. */
  readonly shown: string;
  readonly attempt: number;
  readonly polls: number;
  readonly lane: string | null;
  /** Why it went to that lane. */
  readonly reason: string | null;
  /** Indexes of the edges it was entered by. */
  readonly via: readonly number[];
  readonly wakeAt: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly error: Failure | null;
}

export interface MapEdge {
  readonly index: number;
  readonly from: string;
  readonly to: string;
  readonly label: string | null;
}

export interface MapNode {
  readonly id: string;
  readonly mermaid: string;
  readonly kind: string;
  readonly title: string | null;
  /** Of a `tcc`: item 3n is the nth of them to try, 3n+1 to confirm, 3n+2 to cancel; null: it is none. */
  readonly participants: readonly string[] | null;
  /** Names of the secrets that it is given; what they are no answer says. */
  readonly secrets: readonly string[];
}

export interface Me {
  readonly name: string;
  readonly roles: readonly ('viewer' | 'operator' | 'deployer' | 'admin')[];
  /** What it stands for: tasks for these are for it. */
  readonly groups: readonly string[];
  readonly engine: {
    readonly mode: 'embedded' | 'servers';
    readonly version: string;
  };
}

export interface MigratedOne {
  readonly instance: string;
  readonly key: string | null;
  readonly from: number;
  /** `moves`: it would; `stays`: see its obstacles; `busy`: it never stood still, ask again. */
  readonly outcome: 'moves' | 'moved' | 'stays' | 'busy';
  /** What is active in it. */
  readonly nodes: readonly {
    readonly node: string;
    readonly visit: number;
    readonly status: string;
  }[];
  readonly obstacles: readonly Obstacle[];
}

export interface MigrationView {
  readonly flow: string;
  readonly to: number;
  readonly dryRun: boolean;
  readonly items: readonly MigratedOne[];
  /** `cursor` of what follows; null at the end. */
  readonly next: string | null;
}

export interface NodeView {
  /** The idempotency key that handlers get. */
  readonly id: string;
  readonly node: string;
  /** From 1; of an item of `each` a number that stands for visit and item. */
  readonly visit: number;
  /** Of `each`: which item it is, from 0; null when it is none. */
  readonly item: number | null;
  /** Of `each`: how many items are done; null when it has none. */
  readonly items: {
    readonly done: number;
    readonly total: number;
    /** More may still come. */
    readonly open: boolean;
  } | null;
  readonly status: 'ready' | 'waiting' | 'done' | 'skipped' | 'incident' | 'cancelling' | 'cancelled' | 'compensated';
  /** The state for people: `ready` told apart into queued, running, delayed, retrying and held. */
  readonly shown: string;
  readonly attempt: number;
  readonly polls: number;
  readonly lane: string | null;
  /** Why it went to that lane. */
  readonly reason: string | null;
  /** Indexes of the edges it was entered by. */
  readonly via: readonly number[];
  readonly wakeAt: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly error: Failure | null;
  /** Any JSON; null when it has none yet. */
  readonly output: Json;
  readonly attempts: readonly AttemptView[];
}

export interface Obstacle {
  /** null: the instance as a whole. */
  readonly node: string | null;
  readonly visit: number | null;
  readonly code: string;
  readonly message: string;
}

export interface Opinion {
  readonly stage: 'override' | 'circuit' | 'limit' | 'rule' | 'latency' | 'retry' | 'default' | 'pressure' | 'group';
  readonly code: string;
  readonly said: string;
  readonly lane: string | null;
  readonly delayMs: number | null;
  readonly action: 'publish' | 'defer' | 'hold' | 'fallback' | null;
  readonly won: readonly ('lane' | 'delay' | 'action')[];
}

export interface OverrideRow {
  readonly code: string;
  /** All of it must hold. */
  readonly match: Readonly<Record<string, Json>>;
  readonly lane: string | null;
  readonly reason: string;
  /** Dispatches that it was about, since this process has it. */
  readonly hits: number;
  readonly hold: boolean;
  readonly ignoreCircuit: boolean;
  readonly circuit: 'open' | 'closed' | null;
  readonly freeze: boolean;
  readonly until: string;
  /** Where it was written. */
  readonly origin: 'file' | 'http';
  /** Who set it; null: it stands in a file. */
  readonly by: string | null;
  readonly at: string | null;
}

export interface PlacedProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string | null;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface PlayListRow {
  readonly code: string;
  readonly title: string | null;
  readonly flow: string;
  readonly state: 'live' | 'paused' | 'ended';
  readonly revision: number;
  readonly params: Readonly<Record<string, Json>>;
  readonly window: {
    readonly from: string | null;
    readonly to: string | null;
  } | null;
  readonly audience: string | null;
  readonly quota: {
    readonly max: number;
    readonly by: string | null;
  } | null;
  /** What was done to it last. */
  readonly what: 'created' | 'changed' | 'paused' | 'resumed' | 'ended';
  readonly by: string;
  readonly reason: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Of all engines, a few seconds late. */
  readonly counts: {
    /** Instances that it made. */
    readonly started: number;
    /** Starts of which the instance was there before. */
    readonly duplicate: number;
    /** Starts while it was not open or paused, or of whom it is not for. */
    readonly passed: number;
    /** Starts for which its quota was used up. */
    readonly over: number;
    /** Starts that could not be made. */
    readonly failed: number;
  };
}

export interface PlayRow {
  readonly code: string;
  readonly title: string | null;
  readonly flow: string;
  readonly state: 'live' | 'paused' | 'ended';
  readonly revision: number;
  readonly params: Readonly<Record<string, Json>>;
  readonly window: {
    readonly from: string | null;
    readonly to: string | null;
  } | null;
  readonly audience: string | null;
  readonly quota: {
    readonly max: number;
    readonly by: string | null;
  } | null;
  /** What was done to it last. */
  readonly what: 'created' | 'changed' | 'paused' | 'resumed' | 'ended';
  readonly by: string;
  readonly reason: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface PlayView {
  readonly code: string;
  readonly title: string | null;
  readonly flow: string;
  readonly state: 'live' | 'paused' | 'ended';
  readonly revision: number;
  readonly params: Readonly<Record<string, Json>>;
  readonly window: {
    readonly from: string | null;
    readonly to: string | null;
  } | null;
  readonly audience: string | null;
  readonly quota: {
    readonly max: number;
    readonly by: string | null;
  } | null;
  /** What was done to it last. */
  readonly what: 'created' | 'changed' | 'paused' | 'resumed' | 'ended';
  readonly by: string;
  readonly reason: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Of all engines, a few seconds late. */
  readonly counts: {
    /** Instances that it made. */
    readonly started: number;
    /** Starts of which the instance was there before. */
    readonly duplicate: number;
    /** Starts while it was not open or paused, or of whom it is not for. */
    readonly passed: number;
    /** Starts for which its quota was used up. */
    readonly over: number;
    /** Starts that could not be made. */
    readonly failed: number;
  };
  /** Of the parameters, as the newest version of the flow says; null: it says none. */
  readonly schema: Readonly<Record<string, Json>> | null;
  /** How many instances it has started, by status. */
  readonly instances: Readonly<Partial<Record<'running' | 'paused' | 'incident' | 'compensating' | 'completed' | 'failed' | 'cancelled', number>>>;
}

export interface Published {
  readonly flow: string;
  readonly version: number;
  readonly problems: readonly PlacedProblem[];
}

export interface ReplayView {
  /** Decisions that were looked at: the latest of each node of the newest instances. */
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
      /** Why it would go there. */
      readonly reason: string;
    }[];
  }[];
  /** Of how many a rule would ask a longer delay. */
  readonly later: number;
  /** Or a shorter one. */
  readonly sooner: number;
}

export interface RoutingChangeRow {
  readonly id: number;
  readonly at: string;
  readonly by: string;
  readonly kind: 'override.set' | 'override.removed' | 'rules.published' | 'rules.restored' | 'lane.opened' | 'lane.changed' | 'lane.closing' | 'lane.closed' | 'lane.gone';
  /** The code of the override, the version of the rules, or the name of the lane. */
  readonly ref: string;
  readonly reason: string | null;
  /** What was put in force, or taken out of it. */
  readonly detail: Readonly<Record<string, Json>>;
}

export interface RuleList {
  /** Null: there are no rules, in files or published. */
  readonly version: string | null;
  /** The newest set that was published; null: none was. */
  readonly published: RulesRow | null;
  readonly rules: readonly RuleRow[];
  readonly overrides: readonly OverrideRow[];
}

export interface RuleRow {
  readonly code: string;
  /** All of it must hold. */
  readonly match: Readonly<Record<string, Json>>;
  readonly lane: string | null;
  readonly reason: string;
  /** Dispatches that it was about, since this process has it. */
  readonly hits: number;
  readonly minDelayMs: number;
  /** Most of them that run at once, in all engines together. */
  readonly limit: number | null;
  /** Most of them that begin in a time. */
  readonly rate: {
    readonly max: number;
    readonly perMs: number;
  } | null;
  /** The share of a subject’s calls that may be retries. */
  readonly retryShare: number | null;
  /** Where it was written. */
  readonly origin: 'file' | 'http';
}

export interface RulesRow {
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly note: string | null;
  /** The version whose content it brought back. */
  readonly restores: number | null;
}

export interface Started {
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly status: 'running' | 'paused' | 'incident' | 'compensating' | 'completed' | 'failed' | 'cancelled';
  /** It was there before. */
  readonly duplicate?: true;
}

export interface SubjectRow {
  readonly subject: string;
  readonly circuit: 'closed' | 'open' | 'half-open' | 'ramp';
  /** Null: it was never open. */
  readonly since: string | null;
  /** When an open circuit takes its first probe. */
  readonly until: string | null;
  /** Why it opened. */
  readonly cause: string | null;
  readonly latency: 'fast' | 'normal' | 'slow';
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** In the last minute. */
  readonly calls: number;
  /** Of them. */
  readonly failed: number;
  readonly seenAt: string;
}

export interface TaskRow {
  readonly instance: string;
  readonly flow: string;
  readonly version: number;
  /** Business key of the instance. */
  readonly key: string | null;
  readonly node: string;
  readonly visit: number;
  /** What the person is to do. */
  readonly title: string;
  /** Whose it is; null: anybody may do it. */
  readonly assignee: string | null;
  /** ISO 8601, UTC. */
  readonly openedAt: string;
  /** When it should be done; nothing happens then. */
  readonly dueAt: string | null;
  /** When it is over without anybody. */
  readonly expiresAt: string | null;
  readonly overdue: boolean;
}

export interface TaskView {
  readonly instance: string;
  readonly flow: string;
  readonly version: number;
  /** Business key of the instance. */
  readonly key: string | null;
  readonly node: string;
  readonly visit: number;
  /** What the person is to do. */
  readonly title: string;
  /** Whose it is; null: anybody may do it. */
  readonly assignee: string | null;
  /** ISO 8601, UTC. */
  readonly openedAt: string;
  /** When it should be done; nothing happens then. */
  readonly dueAt: string | null;
  /** When it is over without anybody. */
  readonly expiresAt: string | null;
  readonly overdue: boolean;
  /** What the person is shown, by name. */
  readonly shown: Readonly<Record<string, Json>> | null;
  /** JSON Schema of the output; null: any object. */
  readonly form: Readonly<Record<string, Json>> | null;
}

export interface TransitionRow {
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly cause: string | null;
  readonly at: string;
}

export interface TriggerRow {
  readonly code: string;
  readonly title: string | null;
  /** The name of the message; null: it goes by `cron`. */
  readonly on: string | null;
  /** When it starts by itself, and when next; null: it goes by `on`. */
  readonly cron: {
    readonly text: string;
    readonly zone: string;
    readonly missed: 'skip' | 'once' | 'all';
    readonly nextAt: string | null;
  } | null;
  /** Its condition; null: always. */
  readonly when: string | null;
  /** What it starts; null: plays do. */
  readonly flow: string | null;
  /** The play that it starts by. */
  readonly play: string | null;
  /** The flow of which it starts every live play. */
  readonly playsOf: string | null;
  readonly quota: {
    readonly max: number;
    readonly by: string | null;
  } | null;
  readonly window: {
    readonly from: string | null;
    readonly to: string | null;
  } | null;
  /** Of all engines, a few seconds late. */
  readonly counts: {
    /** Instances that it made. */
    readonly started: number;
    /** Events of which the instance was there before. */
    readonly duplicate: number;
    /** Events outside its window, or for which its condition did not hold. */
    readonly passed: number;
    /** Events for which its quota was used up. */
    readonly over: number;
    /** Events that could start nothing; they are in the quarantine. */
    readonly failed: number;
  };
  /** When it started something last. */
  readonly lastAt: string | null;
}

export interface VersionsView {
  readonly flow: string;
  /** The version that starts get. */
  readonly starts: number;
  /** Who chose it; null: it is the newest. */
  readonly activated: {
    readonly version: number;
    readonly by: string;
    /** ISO 8601, UTC. */
    readonly at: string;
  } | null;
  /** Newest first. */
  readonly versions: readonly {
    readonly version: number;
    /** ISO 8601, UTC. */
    readonly publishedAt: string;
  }[];
}

export interface WhyView {
  readonly instance: string;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  /** Null: it needs no message. */
  readonly lane: string | null;
  /** In one sentence. */
  readonly reason: string | null;
  /** Whose health counted; null: the handler as a whole, and all was well. */
  readonly subject: string | null;
  /** Who decided; null: nothing spoke against the default. */
  readonly code: string | null;
  /** The version of the rules then; null: there were none. */
  readonly rules: string | null;
  readonly opinions: readonly Opinion[];
  /** What its conditions read of circuits, as it was then. */
  readonly asked: readonly {
    /** The task that would be gone to. */
    readonly node: string;
    readonly subject: string;
    readonly open: boolean;
    /** By what it would be kept back. */
    readonly said: string | null;
  }[];
}
