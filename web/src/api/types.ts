/** The HTTP API's shapes, as the console reads them. Times are ISO strings. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

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

/** What a person is asked to do. */
export interface TaskRow {
  readonly instance: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly node: string;
  readonly visit: number;
  readonly title: string;
  readonly assignee: string | null;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly expiresAt: string | null;
  readonly overdue: boolean;
}

export interface TaskView extends TaskRow {
  readonly shown: Json;
  /** JSON Schema; `null`: any object. */
  readonly form: Json;
}

/** What starts a flow when a message of a name comes. */
export interface TriggerRow {
  readonly code: string;
  readonly title: string | null;
  readonly on: string | null;
  readonly cron: {
    readonly text: string;
    readonly zone: string;
    readonly missed: 'skip' | 'once' | 'all';
    readonly nextAt: string | null;
  } | null;
  readonly when: string | null;
  readonly flow: string | null;
  readonly play: string | null;
  readonly playsOf: string | null;
  readonly quota: { readonly max: number; readonly by: string | null } | null;
  readonly window: { readonly from: string | null; readonly to: string | null } | null;
  readonly counts: Readonly<Record<'started' | 'duplicate' | 'passed' | 'over' | 'failed', number>>;
  readonly lastAt: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor of the next page; `null` on the last. */
  readonly next: string | null;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly permanent: boolean;
}

export interface AttemptView {
  readonly attempt: number;
  readonly how: string;
  readonly decision: string | null;
  readonly error: Failure | null;
  readonly at: string;
}

/** One visit to a node. `shown` is the state to draw; `status` is the stored one. */
export interface NodeView {
  readonly id: string;
  readonly node: string;
  /** Of an item of `each` a number that stands for visit and item. */
  readonly visit: number;
  /** Of `each`: which item it is, from 0. */
  readonly item?: number | null;
  /** Of `each`: how many items are done. */
  readonly items?: { readonly done: number; readonly total: number; readonly open: boolean } | null;
  readonly status: string;
  readonly shown: string;
  readonly attempt: number;
  readonly polls: number;
  readonly lane: string | null;
  readonly reason: string | null;
  /** Indexes of the edges by which it was entered. */
  readonly via: readonly number[];
  readonly wakeAt: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly output?: Json;
  readonly error: Failure | null;
  readonly attempts?: readonly AttemptView[];
}

export interface IncidentView {
  readonly id: string;
  readonly node: string | null;
  readonly visit: number | null;
  readonly code: string;
  readonly message: string;
  readonly raisedAt: string;
}

export interface InstanceView {
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly status: string;
  readonly outcome: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** It has been ended, and is over when what participants have begun is settled. */
  readonly ending?: { readonly status: string; readonly by: string; readonly at: string } | null;
  /** What the play that started it was then. */
  readonly play: { readonly code: string; readonly revision: number; readonly params: Json } | null;
  readonly input: Json;
  readonly vars: Json;
  /** Arrivals that no join has consumed yet, by edge index. */
  readonly arrivals: Readonly<Record<string, number>>;
  readonly nodes: readonly NodeView[];
  readonly incidents: readonly IncidentView[];
}

export interface DefinitionRow {
  readonly flow: string;
  readonly version: number;
  readonly title: string | null;
  readonly description: string | null;
  /** How many instances of the flow are in each status; a status that is missing has none. */
  readonly instances: Readonly<Record<string, number>>;
}

export interface MapNode {
  readonly id: string;
  /** The node's id in the Mermaid text. */
  readonly mermaid: string;
  readonly kind: string;
  readonly title: string | null;
  /** Of a node that several do together, or nobody: their names. */
  readonly participants?: readonly string[] | null;
}

export interface MapEdge {
  readonly index: number;
  readonly from: string;
  readonly to: string;
  readonly label: string | null;
}

/** What ties a drawn graph to the definition. Edges are in the order of the Mermaid text. */
export interface FlowMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

export interface DefinitionView {
  readonly flow: string;
  readonly version: number;
  readonly title: string | null;
  readonly description?: string | null;
  readonly source: string;
  readonly versions: readonly number[];
  /** JSON Schema of the start input, where the flow declares one. */
  readonly input?: Json;
  /** JSON Schema of what a play configures; `null`: no play can. */
  readonly play: Json;
  readonly map: FlowMap;
}

export interface IncidentRow {
  readonly id: string;
  readonly instance: string;
  readonly flow: string;
  readonly key: string | null;
  readonly node: string | null;
  readonly code: string;
  readonly message: string;
  readonly raisedAt: string;
}

export interface Me {
  readonly name: string;
  readonly roles: readonly string[];
  /** What it stands for: tasks for these are for it. */
  readonly groups: readonly string[];
  readonly engine: { readonly mode: string; readonly version: string };
}

/** What the event stream says about one instance. Fields that are absent have not changed. */
export interface InstanceEvent {
  readonly seq: number;
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly status: string;
  readonly outcome?: string | null;
  readonly endedAt?: string | null;
  readonly active?: number;
  readonly incidents?: number;
  readonly ending?: InstanceView['ending'];
  readonly arrivals?: Readonly<Record<string, number>>;
  readonly nodes?: readonly NodeView[];
}

export interface Started {
  readonly id: string;
  readonly duplicate?: boolean;
}

/** What one stage of the router had to say, and what of it was taken. */
export interface Opinion {
  readonly stage: string;
  readonly code: string;
  readonly said: string;
  readonly lane: string | null;
  readonly delayMs: number | null;
  readonly action: string | null;
  readonly won: readonly string[];
}

export interface WhyView {
  readonly subject: string | null;
  readonly opinions: readonly Opinion[];
  readonly asked: readonly {
    readonly node: string;
    readonly subject: string;
    readonly open: boolean;
    readonly said: string | null;
  }[];
}
