import type { CallNode } from '../../../core/definition/definition.js';
import { PLAY_MEMBER } from '../../../core/definition/starting/play.js';
import { ExpressionFailure } from '../../../core/expression.js';
import type { FlowEvent } from '../../../core/flow/event.js';
import type { Caller } from '../../../core/flow/instance.js';
import type { Json, JsonObject } from '../../../core/json.js';
import type { DispatchMessage } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { DeliveryFacts, ScopeNeeds } from '../../ports/store.js';
import type { Views } from '../../ports/views.js';
import { whileAway } from '../../while-away.js';
import type { StartInstance } from '../start-instance.js';

/** Most callers above an instance. */
export const CALL_DEPTH = 16;

/** Who a called instance is, however often it is started: an attempt calls once. */
export const receiptOf = ({
  instance,
  node,
  visit,
  attempt,
}: Omit<Caller, 'flow' | 'version' | 'depth' | 'waits'>): string => `call:${instance}.${node}.${visit}.${attempt}`;

/** What must be read for the input of a called instance. */
export function needsOfCall({ in: values, each }: CallNode): ScopeNeeds {
  if (values === null) return { input: true, vars: false, outputs: [] };
  const roots = new Set([...values.values()].flatMap(({ reads }) => reads.map(([root]) => root as string)));
  const others = ['input', 'vars', ...(each ? [each.as, 'index'] : [])];
  const outputs = [...roots].filter((root) => !others.includes(root));
  return { input: roots.has('input'), vars: roots.has('vars'), outputs };
}

/** Starts the instance that a node calls, once, and says what came of it. */
export class RunCall {
  constructor(
    private readonly start: StartInstance,
    private readonly views: Views,
    private readonly clock: Clock,
  ) {}

  async execute(message: DispatchMessage, call: CallNode, facts: DeliveryFacts): Promise<FlowEvent> {
    const { instance, flow, version, node, visit, attempt } = message;
    const about = { at: 0, node, visit, attempt } as const;
    const refuse = (code: string, text: string): FlowEvent => {
      return { type: 'call.ended', ...about, result: null, error: { code, message: text, permanent: true } };
    };
    const above = await this.callerOf(instance);
    const depth = call.detach ? 0 : (above?.depth ?? 0) + 1;
    if (depth > CALL_DEPTH) {
      return refuse(
        'CALL_TOO_DEEP',
        `Expected at most ${CALL_DEPTH} flows that call one another, but '${node}' would be one more.`,
      );
    }
    const caller: Caller = { instance, flow, version, node, visit, attempt, depth, waits: !call.detach };
    let input: JsonObject;
    try {
      input = inputOf(call, facts);
    } catch (fault) {
      if (!(fault instanceof ExpressionFailure)) throw fault;
      return refuse(fault.code, fault.message);
    }
    const command = { flow: call.flow, input, receipt: receiptOf(caller), caller };
    const answer = await whileAway(this.clock, () => this.start.execute(command));
    if (!answer.ok) return refuse(answer.error.code, answer.error.message);
    const { id, duplicate, sent } = answer.value;
    await sent;
    const own = !duplicate || isSame(await this.callerOf(id), caller);
    if (own) return { type: 'call.started', ...about, instance: id };
    return refuse('KEY_TAKEN', `Expected the business key of the called '${call.flow}' to be free, but ${id} has it.`);
  }

  private async callerOf(id: string): Promise<Caller | undefined> {
    const { items } = await whileAway(this.clock, () => this.views.states([id]));
    return items[0]?.instance.state.caller;
  }
}

export const isSame = (one: Caller | undefined, other: Omit<Caller, 'flow' | 'version' | 'depth' | 'waits'>): boolean =>
  one !== undefined && receiptOf(one) === receiptOf(other);

function inputOf(call: CallNode, { input, vars, outputs }: DeliveryFacts): JsonObject {
  if (call.in === null) {
    // What is called has no play of its own.
    const { [PLAY_MEMBER]: _, ...own } = input;
    return own;
  }
  const scope: Record<string, Json> = Object.assign(Object.create(null), outputs, { input, vars });
  const values: Record<string, Json> = {};
  for (const [name, expression] of call.in) values[name] = expression.value(scope);
  return values;
}
