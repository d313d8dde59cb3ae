import type { JsonObject } from '../../../../src/core/json.js';
import type { OutgoingTask } from '../../../../src/engine/ports/broker.js';
import type { AttemptOrder, AttemptOutcome } from '../../../../src/engine/ports/handlers.js';
import type { History } from '../history.js';
import type { Lanes } from '../lanes.js';
import type { Partner } from '../partner.js';

type Task = Omit<AttemptOrder['context'], 'with'> & { readonly input: JsonObject };

/** Workers outside: they know the broker alone, and the partner behind them. */
export class Workers {
  constructor(
    private readonly lanes: Lanes,
    private readonly partner: Partner,
    private readonly history: History,
  ) {}

  /** The task at a place is done and answered, as often as that. */
  answer(place: number, times: number): boolean {
    const [task] = this.lanes.tasks.splice(place, 1);
    if (!task) return false;
    const reply = replyOf(this.do(task));
    for (let i = 0; i < times; i++) this.reply(task, reply);
    return true;
  }

  /** It is done, but whoever did it is gone before the answer; the broker still has the task. */
  die(place: number): boolean {
    const task = this.lanes.tasks[place];
    if (task) this.do(task);
    return task !== undefined;
  }

  /** Whoever has it says that it is still at it. */
  beat(place: number): boolean {
    const task = this.lanes.tasks[place];
    if (task) this.reply(task, { type: 'heartbeat' });
    return task !== undefined;
  }

  private do(task: OutgoingTask): AttemptOutcome {
    const { input, ...context } = this.read(task);
    const bank = this.history.courses.get(context.instance)?.bank ?? '';
    return this.partner.answer({ input, context }, bank);
  }

  private reply(task: OutgoingTask, answer: JsonObject): void {
    const { idempotencyKey } = this.read(task);
    this.lanes.reply({
      correlationId: task.correlationId,
      body: new TextEncoder().encode(JSON.stringify({ idempotencyKey, ...answer })),
      contentType: 'application/json',
      contentEncoding: null,
      headers: {},
      exchange: '',
      routingKey: 'sluice.replies',
    });
  }

  private read = ({ body }: OutgoingTask): Task => JSON.parse(new TextDecoder().decode(body)) as Task;
}

function replyOf(outcome: AttemptOutcome): JsonObject {
  switch (outcome.type) {
    case 'completed':
      return { type: 'ok', output: outcome.output };
    case 'polled':
      return { type: 'poll', delayMs: outcome.delayMs };
    case 'failed': {
      const { code, message, permanent } = outcome;
      return { type: 'error', code, message, permanent };
    }
  }
}
