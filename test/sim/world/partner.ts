import type { Json } from '../../../src/core/json.js';
import {
  type AttemptOrder,
  type AttemptOutcome,
  AttemptRunner,
  Handlers,
  type TaskHandler,
} from '../../../src/engine/ports/handlers.js';
import { type Block, childrenOf, type TaskBlock } from '../flow/block.js';
import { answerOf } from '../flow/oracle.js';
import { BANKS, handlerOf, type Partners } from '../flow/partners.js';
import type { Calls } from './calls.js';
import type { CircuitGuard } from './circuit-guard.js';
import type { History } from './history.js';

interface Effect {
  /** `instance.node.visit`, whatever the key was. */
  readonly unit: string;
  readonly output: Json;
  calls: number;
}

/** What a partner is asked, by whoever. */
interface Asked extends Pick<AttemptOrder, 'input'> {
  readonly context: Omit<AttemptOrder['context'], 'with'>;
}

/** The outside world: it honours idempotency keys, never dies, and keeps books. */
export class Partner {
  /** By idempotency key. */
  readonly books = new Map<string, Effect>();
  /** Calls of any kind by `instance.node.visit`. */
  readonly calls = new Map<string, number>();
  /** Of calls, those that could not have been avoided, by `instance.node.visit`. */
  private readonly asked = new Map<string, number>();
  private readonly tasks = new Map<string, TaskBlock | null>();
  /** Handlers and banks that can be down for a while: all that there are. */
  readonly names: readonly string[];
  /** Those that are: they answer nobody. */
  readonly down = new Set<string>();

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly partners: Partners,
  ) {
    for (const [flow, block] of Object.entries(flows)) this.learn(flow, block);
    const nodes = [...this.tasks.keys()].map((name) => name.split(' ')[1] as string);
    const handlers = new Set(nodes.map((node) => handlerOf(node, partners)));
    this.names = [...handlers, ...(partners.banks ? new Set(BANKS) : [])];
  }

  get total(): number {
    let total = 0;
    for (const count of this.calls.values()) total += count;
    return total;
  }

  plan(flow: string, node: string): TaskBlock | null {
    const task = this.tasks.get(`${flow} ${node}`);
    if (task === undefined) throw new Error(`Expected the partner to know '${node}' of '${flow}', but it does not.`);
    return task;
  }

  /** Who is called for a task. */
  nameOf(node: string, bank: string): string {
    const handler = handlerOf(node, this.partners);
    return this.partners.banks ? `${handler} for ${bank}` : handler;
  }

  /** What a call does and answers. */
  answer({ input, context }: Asked, bank: string): AttemptOutcome {
    const { flow, node, instance, visit, attempt, idempotencyKey } = context;
    const unit = `${instance}.${node}.${visit}`;
    this.calls.set(unit, (this.calls.get(unit) ?? 0) + 1);
    if (this.down.has(handlerOf(node, this.partners)) || this.down.has(bank)) return failed(DOWN, false);
    const task = this.plan(flow, node);
    if (task === null) return failed('REFUSED_HERE', true);
    const { plan, after, id } = task;
    if (plan.never) return failed('BROKEN', true);
    const asked = this.asked.get(idempotencyKey) ?? 0;
    if (asked < plan.polls) {
      this.asked.set(idempotencyKey, asked + 1);
      return { type: 'polled', delayMs: 2_000 };
    }
    const fails = attempt <= plan.fails;
    if (fails && plan.how === 'error') return failed('FLAKY', false, attempt);
    if (fails && plan.how === 'permanent') return failed('BROKEN', true, attempt);
    const scope = plan.reads === 'all' ? (input['input'] as { salt?: string }) : (input as { salt?: string });
    const before =
      after === null || plan.reads === 'nothing'
        ? null
        : plan.reads === 'all'
          ? ((input[after] as { value?: string } | undefined)?.value ?? null)
          : ((input['before'] as string | undefined) ?? null);
    const salt = plan.reads === 'nothing' ? null : (scope?.salt ?? null);
    const output = this.apply(idempotencyKey, unit, { value: answerOf(id, visit, salt, before) });
    if (fails && plan.how === 'timeout') return failed('TIMEOUT', false, attempt);
    return { type: 'completed', output: fails ? { poison: true } : output };
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
    if (block.kind === 'catch') this.tasks.set(`${flow} ${block.id}_try`, null);
    for (const child of childrenOf(block)) this.learn(flow, child);
  }
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

/** Every handler but those that this engine lacks for now. What a handler does is the runner's. */
export class SimHandlers extends Handlers {
  constructor(private readonly lacks: (handler: string) => boolean) {
    super();
  }

  override find(name: string): TaskHandler | undefined {
    return this.lacks(name) ? undefined : nothing;
  }

  override names(): readonly string[] {
    return [];
  }
}

const nothing: TaskHandler = () => null;

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
      const { instance, node, visit, attempt: number } = context;
      const unit = `${context.idempotencyKey} at attempt ${number}`;
      // Two dispatches of the same attempt can rightly meet.
      if (this.running.has(unit) && this.history.dispatchesOf(`${instance}.${node}.${visit}`, number) < 2)
        this.history.wrong('I15', `one process runs ${unit} beside itself`);
      this.running.add(unit);
      const bank = this.history.courses.get(instance)?.bank ?? '';
      const ended = this.guard?.began(this.partner.nameOf(node, bank));
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
      };
      stop.addEventListener('abort', abort);
    });
  }
}
