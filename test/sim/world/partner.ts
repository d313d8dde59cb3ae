import type { Json } from '../../../src/core/json.js';
import { type AttemptOrder, type AttemptOutcome, AttemptRunner } from '../../../src/engine/ports/handlers.js';
import { type Block, childrenOf, type EachBlock, type TaskBlock, type TaskPlan } from '../flow/block.js';
import { planAt, unitOf } from '../flow/items/each-block.js';
import { answerOf, undoneFor } from '../flow/oracle.js';
import { BANKS, handlerOf, type Partners } from '../flow/partners.js';
import { cachedAnswer } from '../flow/wide/tasks/task-more.js';
import { Parts } from './asking/parts.js';
import type { Calls } from './calls.js';
import type { CircuitGuard } from './circuit-guard.js';
import type { History } from './history.js';
import { Participants } from './participants/participants.js';

interface Effect {
  /** `instance.node.visit`, of an item `instance.node.visit.item`, whatever the key was. */
  readonly unit: string;
  readonly output: Json;
  calls: number;
}

/** What a partner is asked, by whoever. */
interface Asked extends Pick<AttemptOrder, 'input'> {
  readonly context: Omit<AttemptOrder['context'], 'with'> & Partial<Pick<AttemptOrder['context'], 'with'>>;
}

/** The outside world: it honours idempotency keys, never dies, and keeps books. */
export class Partner {
  /** By idempotency key. */
  readonly books = new Map<string, Effect>();
  /** Calls of any kind by `instance.node.visit`. */
  readonly calls = new Map<string, number>();
  /** Of calls, those that could not have been avoided, by `instance.node.visit`. */
  private readonly asked = new Map<string, number>();
  private readonly tasks = new Map<string, TaskBlock | EachBlock | null>();
  /** Handlers and banks that can be down for a while: all that there are. */
  readonly names: readonly string[];
  /** Those that are: they answer nobody. */
  readonly down = new Set<string>();
  readonly parts: Parts;
  /** How often each handler has failed, so that it may get better. */
  private readonly failures = new Map<string, number>();
  readonly participants: Participants;

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly partners: Partners,
  ) {
    for (const [flow, block] of Object.entries(flows)) this.learn(flow, block);
    this.parts = new Parts(flows);
    this.participants = new Participants(flows, this.books);
    for (const name of this.parts.nodes) this.tasks.set(name, null);
    const nodes = [...this.tasks.keys()].map((name) => name.split(' ')[1] as string);
    const handlers = new Set(nodes.map((node) => handlerOf(node, partners)));
    this.names = [...handlers, ...(partners.banks ? new Set(BANKS) : [])];
    for (const name of this.participants.nodes.keys()) this.tasks.set(name, null);
  }

  get total(): number {
    let total = 0;
    for (const count of this.calls.values()) total += count;
    return total;
  }

  /** What it does for a task, or for an item of it; `null`: it refuses. */
  plan(flow: string, node: string, item: number | null): TaskPlan | null {
    const task = this.task(flow, node);
    if (task === null || task.kind === 'task') return task?.plan ?? null;
    return item === null ? null : planAt(task, item);
  }

  private task(flow: string, node: string): TaskBlock | EachBlock | null {
    const task = this.tasks.get(`${flow} ${node}`);
    if (task === undefined) throw new Error(`Expected the partner to know '${node}' of '${flow}', but it does not.`);
    return task;
  }

  /** Who is called for a task. */
  nameOf(node: string, bank: string, isUndo = false): string {
    const handler = handlerOf(node, this.partners);
    // Whoever undoes is watched as a whole.
    return this.partners.banks && !isUndo ? `${handler} for ${bank}` : handler;
  }

  /** What a call does and answers. */
  answer({ input, context }: Asked, bank: string): AttemptOutcome {
    const { flow, node, attempt, idempotencyKey } = context;
    const isDown = this.down.has(handlerOf(node, this.partners)) || this.down.has(bank);
    if (context.with?.['part'] !== undefined) return this.parts.answer({ input, context }, isDown);
    const unit = context.transaction === undefined ? askedFor({ input, context }) : idempotencyKey;
    this.calls.set(unit, (this.calls.get(unit) ?? 0) + 1);
    if (context.transaction !== undefined) return this.participants.answer({ input, context });
    if (isDown) return this.fails(node, DOWN, false);
    const task = this.task(flow, node);
    if (task === null) return failed('REFUSED_HERE', true);
    const plan = this.plan(flow, node, indexOf(input));
    if (plan === null) return failed('NO_SUCH_ITEM', true);
    if (input['undo'] !== undefined) return this.undo({ input, context }, plan);
    if (plan.never) return failed('BROKEN', true);
    const asked = this.asked.get(idempotencyKey) ?? 0;
    if (asked < plan.polls) {
      this.asked.set(idempotencyKey, asked + 1);
      return { type: 'polled', delayMs: 2_000 };
    }
    const fails = attempt <= plan.fails;
    if (fails && plan.how === 'error') return this.fails(node, 'FLAKY', false, attempt);
    if (fails && plan.how === 'permanent') return failed('BROKEN', true, attempt);
    const output = this.apply(idempotencyKey, unit, outputOf(task, { input, context }));
    if (fails && plan.how === 'timeout') return this.fails(node, 'TIMEOUT', false, attempt);
    return { type: 'completed', output: fails ? { poison: true } : output };
  }

  /** How often whoever is behind a node has failed. */
  failuresOf = (node: string): number => this.failures.get(handlerOf(node, this.partners)) ?? 0;

  private fails(node: string, code: string, permanent: boolean, attempt?: number): AttemptOutcome {
    this.failures.set(handlerOf(node, this.partners), this.failuresOf(node) + 1);
    return failed(code, permanent, attempt);
  }

  private undo(asked: Asked, { undo = 0 }: TaskPlan): AttemptOutcome {
    const { attempt, idempotencyKey } = asked.context;
    if (attempt <= undo) return failed('FLAKY', false, attempt);
    const value = undoneFor(String(asked.input['undo']));
    return { type: 'completed', output: this.apply(idempotencyKey, askedFor(asked), { value }) };
  }

  private apply(key: string, unit: string, output: Json): Json {
    const known = this.books.get(key);
    if (known) {
      known.calls++;
      return known.output;
    }
    this.books.set(key, { unit, output, calls: 1 });
    return output;
  }

  private learn(flow: string, block: Block): void {
    if (block.kind === 'task') this.tasks.set(`${flow} ${block.id}`, block);
    if (block.kind === 'each' && block.flow === null) this.tasks.set(`${flow} ${block.id}`, block);
    if (block.kind === 'catch' || (block.kind === 'scope' && block.how === 'error'))
      this.tasks.set(`${flow} ${block.id}_try`, null);
    for (const child of childrenOf(block)) this.learn(flow, child);
  }
}

/** The place of an item, if it is asked for one. */
const indexOf = (input: AttemptOrder['input']): number | null =>
  typeof input['index'] === 'number' ? input['index'] : null;

/** What it is asked for, as told by who asks: a visit, or an item of one. */
const askedFor = ({ input, context: { instance, node, visit } }: Asked): string =>
  `${unitOf(`${instance}.${node}.${visit}`, input['index'])}${input['undo'] === undefined ? '' : '.undo'}`;

function outputOf(task: TaskBlock | EachBlock, { input, context: { visit } }: Asked): Json {
  if (task.kind === 'each') {
    const index = indexOf(input) ?? 0;
    const value = answerOf(`${task.id}#${index}`, visit, String(input['salt']), String(input['item']));
    return planAt(task, index)?.no ? { value, _result: false } : { value };
  }
  const { id, after, plan } = task;
  if (plan.more?.cache) return { value: cachedAnswer(plan.more.cache, String(input['salt'])) };
  if (plan.reads === 'nothing') return { value: answerOf(id, visit, null, null) };
  const scope = plan.reads === 'all' ? (input['input'] as { salt?: string }) : (input as { salt?: string });
  const read = plan.reads === 'all' ? (input[after ?? ''] as { value?: string } | undefined)?.value : input['before'];
  return { value: answerOf(id, visit, scope?.salt ?? null, after === null ? null : ((read as string) ?? null)) };
}

/** What a partner that is down says, whatever the plan of the task. */
export const DOWN = 'DOWN';

const failed = (code: string, permanent: boolean, attempt?: number): AttemptOutcome => ({
  type: 'failed',
  code,
  message: attempt === undefined ? 'The partner says no.' : `${SAID_OF}${attempt}`,
  permanent,
});

/** Before the number of the attempt that a partner says no to. */
export const SAID_OF = 'The partner says no to attempt ';

/** Attempts run until a step ends them, or until the engine that stops aborts them. */
export class SimRunner extends AttemptRunner {
  private readonly running = new Set<string>();

  constructor(
    private readonly calls: Calls,
    private readonly partner: Partner,
    private readonly history: History,
    private readonly guard: CircuitGuard | null,
  ) {
    super();
  }

  override run(order: AttemptOrder): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      const { stop, context } = order;
      const { instance, node, attempt: number } = context;
      const unit = `${context.idempotencyKey} at attempt ${number}`;
      // Two dispatches of the same attempt can rightly meet.
      if (this.running.has(unit) && this.history.dispatchesOf(askedFor(order), number) < 2)
        this.history.wrong('I15', `one process runs ${unit} beside itself`);
      this.running.add(unit);
      const bank = this.history.courses.get(instance)?.bank ?? '';
      const ended = this.guard?.began(this.partner.nameOf(node, bank, order.input['undo'] !== undefined));
      const attempt = {
        name: 'run',
        fates: { slow: 'slow' },
        meet: async () => {
          const outcome = this.partner.answer(order, bank);
          stop.removeEventListener('abort', abort);
          this.running.delete(unit);
          return () => {
            resolve(outcome);
            // Not before the engine has seen it.
            queueMicrotask(() => ended?.(outcome));
          };
        },
      };
      this.calls.running.push(attempt);
      const abort = (): void => {
        this.calls.running = this.calls.running.filter((other) => other !== attempt);
        this.running.delete(unit);
        resolve(failed('STOPPED', false));
        queueMicrotask(() => ended?.(null));
      };
      stop.addEventListener('abort', abort);
    });
  }
}
