import type { Definition, TaskNode } from '../../src/core/definition/definition.js';
import { nodeInstanceId } from '../../src/core/flow/instance.js';
import type { Dispatch, OpenedWait } from '../../src/core/flow/transition.js';
import type { Json, JsonObject } from '../../src/core/json.js';
import { buildInput } from '../../src/engine/intake/build-input.js';
import { workingOn } from '../../src/engine/intake/work/working.js';
import type { AttemptOutcome, AttemptRunner, Handlers } from '../../src/engine/ports/handlers.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import type { Post } from '../../src/programs/demo/post.js';
import { InProcessAttemptRunner } from '../../src/worker/in-process-attempt-runner.js';
import { Bench, type Happening, received, retried, started } from '../support/flow-spec.js';
import { KeptLog, turns } from '../worker/orders.js';

/** One instance on virtual time: the core decides, the handlers run as they do in an engine. */
export class Play {
  readonly clock = new VirtualClock();
  readonly bench: Bench;
  private readonly runner: AttemptRunner = new InProcessAttemptRunner(this.clock, new KeptLog());
  private readonly begunAt = this.clock.now();
  private readonly handlers: Handlers;
  private input: JsonObject = {};
  private underWay = 0;
  private readonly waits: OpenedWait[] = [];

  constructor(
    private readonly definition: Definition,
    handlersOn: (clock: VirtualClock, post: Post) => Handlers,
  ) {
    this.bench = new Bench(definition);
    this.handlers = handlersOn(this.clock, { send: async (name, payload) => this.hear(name, payload) });
  }

  get elapsedMs(): number {
    return this.clock.now() - this.begunAt;
  }

  start(input: JsonObject): Promise<this> {
    this.input = input;
    this.happens(started(input));
    return this.toTheEnd();
  }

  retry(): Promise<this> {
    this.happens(retried());
    return this.toTheEnd();
  }

  private async toTheEnd(): Promise<this> {
    for (;;) {
      await turns(2);
      if (this.underWay === 0) return this;
      if (!this.clock.runNext()) throw new Error('Expected something to be due, but nothing is: a handler hangs.');
    }
  }

  private happens(happening: Happening): void {
    const answer = this.bench.happens(happening);
    if (!answer.ok) throw new Error(answer.error.message);
    for (const effect of answer.value.effects) {
      if (effect.type === 'dispatch') this.dispatch(effect);
      if (effect.type === 'wait.opened') this.waits.push(effect);
    }
  }

  /** Whoever waits for it gets it; nothing is kept. */
  private hear(name: string, payload: JsonObject): void {
    const wait = this.waits.find(
      (one) => one.name === name && Object.entries(one.match).every(([member, value]) => payload[member] === value),
    );
    if (wait && this.isWaiting(wait)) this.happens(received(wait.node, payload, wait.visit));
  }

  private isWaiting({ node, visit }: { readonly node: string; readonly visit: number }): boolean {
    return this.bench.row(node, visit)?.status === 'waiting';
  }

  private dispatch(dispatch: Dispatch): void {
    this.underWay++;
    this.clock.schedule(dispatch.delayMs, () => {
      const { node, visit } = dispatch;
      const told =
        dispatch.kind === 'timer'
          ? Promise.resolve({ type: 'timer.fired', node, visit } as const)
          : this.attempt(dispatch);
      void told.then((happening) => {
        this.underWay--;
        // A wait whose message has come runs out no more.
        if (dispatch.kind === 'task' || this.isWaiting(dispatch)) this.happens(happening);
      });
    });
  }

  private async attempt({ node, visit, attempt, handler: name }: Dispatch): Promise<Happening> {
    const task = this.definition.nodes.get(node) as TaskNode;
    const scope = { input: this.input, vars: this.bench.vars, outputs: this.outputs() };
    const place = { handlers: this.handlers, clock: this.clock };
    const working = task.work && workingOn(task, task.work, visit, scope, place);
    const handler = working?.handler ?? this.handlers.find(name ?? '');
    if (!handler) throw new Error(`Expected a handler for ${name}, but there is none.`);
    const outcome = await this.runner.run({
      handler,
      input: buildInput(task, scope),
      context: {
        idempotencyKey: nodeInstanceId(this.bench.instance.id, node, visit),
        instance: this.bench.instance.id,
        flow: this.definition.flow,
        version: 1,
        node,
        visit,
        attempt,
        with: task.with ?? {},
      },
      timeoutMs: task.timeoutMs,
      localRetries: task.retry.local,
      stop: new AbortController().signal,
    });
    return { ...happeningOf(outcome), node, visit, attempt } as Happening;
  }

  /** The latest output of each node. */
  private outputs(): Record<string, Json> {
    return Object.fromEntries([...this.bench.outputs].map(([key, output]) => [key.split('#')[0], output]));
  }
}

function happeningOf(outcome: AttemptOutcome): object {
  if (outcome.type === 'completed') return { type: 'task.completed', output: outcome.output };
  if (outcome.type === 'polled') return { type: 'task.polled', delayMs: outcome.delayMs };
  const { code, message, permanent } = outcome;
  return { type: 'task.failed', error: { code, message, permanent } };
}
