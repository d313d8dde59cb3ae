import { newInstance } from '../../../core/flow/advance.js';
import type { CommitEvents } from '../../commit/commit-events.js';
import { Draft, type Outlook } from '../../commit/draft.js';
import type { Beyond, MessageStore, SignalRecord } from '../../commit/messages/message-store.js';
import type { Catalog } from '../../ports/catalog.js';
import type { Identity } from '../../ports/identity.js';
import type { Log } from '../../ports/log.js';
import type { Views } from '../../ports/views.js';
import type { Tally } from '../../tally.js';
import type { StartBatches } from '../start-batches.js';
import { isSame, receiptOf } from './run-call.js';

const PAGE = 500;
/** How long whoever has taken a signal has to deliver it. */
const LEASE_MS = 30_000;

export interface DeliverSignalsParts {
  readonly messages: MessageStore;
  readonly commits: CommitEvents;
  readonly batches: StartBatches;
  readonly catalog: Catalog;
  readonly views: Views;
  readonly identity: Identity;
  readonly outlook: () => Outlook;
  readonly log: Log;
  readonly tally: Tally;
}

/**
 * Brings word of one instance to another: that it is over to its caller, that nobody wants it any more to the one that
 * was called. The word is stored with the transition that it comes from, and removed once the other has heard it.
 */
export class DeliverSignals {
  private readonly delivering = new Set<Promise<void>>();

  constructor(private readonly parts: DeliverSignalsParts) {}

  /** They are committed. What fails here is found by the loop. */
  after(beyonds: readonly Beyond[]): void {
    const signals = beyonds.flatMap(({ signals: some }) => some);
    if (signals.length === 0) return;
    const delivering = this.deliver(signals).catch((fault: unknown) => {
      this.parts.log.warn('Word of an instance to another could not be delivered; the next round does.', {
        fault: String(fault),
      });
    });
    this.delivering.add(delivering);
    void delivering.finally(() => this.delivering.delete(delivering));
  }

  async idle(): Promise<void> {
    while (this.delivering.size > 0) await Promise.all(this.delivering);
  }

  /** What a process left behind that died after its commit. */
  async execute(): Promise<void> {
    for (;;) {
      const signals = await this.parts.messages.signals(PAGE, LEASE_MS);
      this.parts.tally.count('signal.swept', signals.length);
      await this.deliver(signals);
      if (signals.length < PAGE) return;
    }
  }

  private async deliver(signals: readonly SignalRecord[]): Promise<void> {
    await Promise.all(signals.map((signal) => this.one(signal)));
    await this.parts.messages.heard(signals.map(({ id }) => id));
    this.parts.tally.count('signal.delivered', signals.length);
  }

  private async one({ body }: SignalRecord): Promise<void> {
    if (body.type === 'call.abandoned') return this.abandon(body);
    const { instance, flow, version, node, visit, attempt } = body.caller;
    const { result, error } = body;
    const event = { type: 'call.ended', at: 0, node, visit, attempt, result, error } as const;
    const outcome = await this.parts.commits.execute({ instance, flow, version, event });
    if (outcome.type === 'rejected') this.parts.tally.count(`rejected.${outcome.rejection.reason}`);
  }

  /**
   * The called instance is cancelled. It may not be there yet, its start being under way: then a cancelled one takes its
   * place, so that the start finds it and makes no other.
   */
  private async abandon({ caller, flow }: Extract<SignalRecord['body'], { type: 'call.abandoned' }>): Promise<void> {
    const { batches, catalog, views, identity, outlook, commits } = this.parts;
    const definition = (await catalog.get(flow))?.definition;
    if (!definition) return;
    const { version } = definition;
    const by = `the flow '${caller.flow}' that called it`;
    const id = identity.next();
    const answer = await batches.execute({
      id,
      flow,
      key: null,
      receipt: receiptOf(caller),
      input: {},
      draft: (now) => {
        const instance = newInstance({ id, flow, version, key: null, at: now, caller: { ...caller, waits: false } });
        const draft = new Draft(definition, instance, [], outlook());
        draft.apply({ type: 'instance.cancelled', at: now, by });
        return draft;
      },
    });
    if (!answer.duplicate) return;
    const called = (await views.states([answer.id])).items[0]?.instance;
    if (!called || !isSame(called.state.caller, caller)) return;
    const event = { type: 'instance.cancelled', at: 0, by } as const;
    await commits.execute({ instance: called.id, flow, version: called.version, event });
  }
}
