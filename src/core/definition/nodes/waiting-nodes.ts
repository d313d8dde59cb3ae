import type { Expression } from '../../expression.js';
import type { JsonObject } from '../../json.js';
import type { CronRule } from '../control/cron.js';
import type { EveryNode } from './every-node.js';

/** Waits for a time. */
export interface TimerNode extends EveryNode {
  readonly kind: 'timer';
  /** A fixed wait in milliseconds, or an expression that gives a duration text, milliseconds, or an ISO date. */
  readonly timer:
    | { readonly ms: number }
    | { readonly for: Expression }
    | { readonly until: Expression }
    | { readonly cron: CronRule };
}

/** Waits for a message that is told from others by its name and by what is in it. */
export interface WaitNode extends EveryNode {
  readonly kind: 'wait';
  /** The name of the message. */
  readonly message: string;
  /** Members of the payload, and what each must be equal to; empty: the name alone decides. */
  readonly match: ReadonlyMap<string, Expression>;
  /** How old a message may be that came before the wait, in milliseconds; `null`: as old as they are kept. */
  readonly keepMs: number | null;
  /** How long it waits at most, in milliseconds; `null`: for ever. */
  readonly timeoutMs: number | null;
  /** Variables written from the payload when the message comes. */
  readonly out: ReadonlyMap<string, Expression> | null;
}

/** A person does it, and says what came of it. Its `title` is what the person reads. */
export interface ManualNode extends EveryNode {
  readonly kind: 'manual';
  /** Whose it is: a name, a team; `null`: anybody's. */
  readonly assignee: Expression | null;
  /** JSON Schema of what the person gives; `null`: any object. */
  readonly form: JsonObject | null;
  /** What the person is shown; `null`: nothing but the instance. */
  readonly in: ReadonlyMap<string, Expression> | null;
  /** When it should be done, in milliseconds from its beginning; only told, nothing happens then. */
  readonly dueMs: number | null;
  /** How long it waits at most, in milliseconds; `null`: for ever. */
  readonly timeoutMs: number | null;
  /** Variables written from what the person gave. */
  readonly out: ReadonlyMap<string, Expression> | null;
}
