import { type Expression, ExpressionFailure, type Scope } from '../../expression.js';
import type { Json, JsonObject } from '../../json.js';
import type { Ticking } from './ticks.js';

/** What starts a flow when a message of a name comes, or at the moments of a clock. Its expressions read either as `event`. */
export interface Trigger {
  /** Small letters, digits and `-`; its identity in whatever it has started. */
  readonly code: string;
  readonly title: string | null;
  /** The name of the message; `null`: it goes by `cron`. */
  readonly on: string | null;
  /** When it starts by itself; `null`: it goes by `on`. */
  readonly cron: Ticking | null;
  /** `null`: always. */
  readonly when: Expression | null;
  /** The flow that is started, in its newest version; empty: plays start theirs. */
  readonly flow: string;
  /** One play, or every live one of a flow; `null`: it starts `flow` itself. */
  readonly play: { readonly code: string } | { readonly of: string } | null;
  /** The input of the instance; `null`: the message as it is. */
  readonly input: ReadonlyMap<string, Expression> | null;
  /** What makes two events the same; `null`: the message's id. */
  readonly dedupe: Expression | null;
  readonly quota: Quota | null;
  /** When it counts, both ends included; milliseconds since the epoch. `null`: always. */
  readonly window: { readonly fromMs: number; readonly toMs: number } | null;
}

/** Most starts, for ever; of each value of `by` when there is one. */
export interface Quota {
  readonly max: number;
  readonly by: Expression | null;
}

/** What an event means to a trigger. */
export type Judgement =
  | {
      readonly type: 'starts';
      readonly input: JsonObject;
      /** Equal for what is the same event. */
      readonly identity: string;
      /** Whose share of the quota it takes; empty: the one that all share. */
      readonly share: string;
    }
  | { readonly type: 'passed'; readonly why: 'when' | 'window' }
  | { readonly type: 'failed'; readonly message: string };

/**
 * Judges one event. Pure.
 * @param id of the message.
 * @param at database time in milliseconds.
 */
export function judgeEvent(trigger: Trigger, event: JsonObject, id: string, at: number): Judgement {
  const { window, when, input, dedupe, quota } = trigger;
  if (window && (at < window.fromMs || at > window.toMs)) return { type: 'passed', why: 'window' };
  const scope: Scope = Object.assign(Object.create(null) as Scope, { event });
  try {
    if (when && !when.test(scope)) return { type: 'passed', why: 'when' };
    return {
      type: 'starts',
      input: input ? Object.fromEntries([...input].map(([name, one]) => [name, one.value(scope)])) : event,
      identity: dedupe ? textOf(dedupe, scope) : id,
      share: quota?.by ? textOf(quota.by, scope) : '',
    };
  } catch (fault) {
    if (!(fault instanceof ExpressionFailure)) throw fault;
    return { type: 'failed', message: `${fault.message} (In \`${fault.text}\` of the trigger ${trigger.code}.)` };
  }
}

/** All events without a value would be one: so there must be one. */
export function textOf(expression: Expression, scope: Scope): string {
  const value: Json = expression.value(scope);
  if (typeof value === 'string' && value !== '') return `s:${value}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `${typeof value}:${value}`;
  const message = `Expected a text, a number, true or false, but it gave ${JSON.stringify(value).slice(0, 80)}.`;
  throw new ExpressionFailure('EXPRESSION_TYPES', message, expression.text);
}
