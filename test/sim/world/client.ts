import { StoreUnavailable } from '../../../src/engine/ports/store.js';
import { messageOf } from './events.js';
import type { PlayGuard } from './guards/play-guard.js';
import type { Lanes } from './lanes.js';
import type { Process } from './process.js';
import type { StartPlan } from './start-plan.js';

/** Asks for one instance until it is told that there is one; with `repeat`, also when it has been told. */
export class Client {
  /** What it was told: ids of instances, in the order of the answers. */
  readonly told: string[] = [];
  /** Its message is in the broker, which confirms it: accepted. */
  sent = 0;
  refusal: string | null = null;
  refusedAs: string | null = null;
  /** The process that works on its request. */
  private asking: Process | null = null;

  constructor(
    private readonly lanes: Lanes,
    readonly plan: StartPlan,
    /** All that the same event starts. */
    private readonly together: readonly StartPlan[],
    private readonly plays: PlayGuard,
  ) {}

  get accepted(): boolean {
    return this.plan.by !== 'http' ? this.sent > 0 : this.told.length > 0;
  }

  get waits(): boolean {
    return this.asking !== null && !this.asking.dead;
  }

  /** By AMQP: a message into the start queue, or an event into that of messages. */
  publish(): void {
    const { flow, receipt, key, input, event, play } = this.plan;
    this.sent++;
    for (const one of event === undefined ? [this.plan] : this.together) this.plays.asks(one);
    if (event !== undefined) {
      this.lanes.letter(messageOf(event, this.together));
      return;
    }
    this.lanes.start({
      flow,
      body: new TextEncoder().encode(JSON.stringify(input)),
      messageId: receipt,
      contentType: 'application/json',
      contentEncoding: null,
      headers: { ...(key !== null && { 'sluice-key': key }), ...(play !== undefined && { 'sluice-play': play }) },
      exchange: 'sluice.start',
      routingKey: flow,
    });
  }

  /** By HTTP: a request to one engine, whose answer may never come. */
  async ask(process: Process): Promise<void> {
    const { flow, receipt, key, input, play } = this.plan;
    this.plays.asks(this.plan);
    this.asking = process;
    try {
      const outcome = await process.engine.startInstance.execute({
        flow,
        receipt,
        input,
        ...(key !== null && { key }),
        ...(play !== undefined && { play }),
      });
      if (outcome.ok) this.told.push(outcome.value.id);
      else {
        this.refusal = outcome.error.message;
        this.refusedAs = outcome.error.code;
      }
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable)) this.refusal = String(fault);
    }
    if (this.asking === process) this.asking = null;
  }
}
