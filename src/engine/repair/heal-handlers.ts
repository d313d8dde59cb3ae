import { handlersOf, taskAt } from '../../core/definition/handlers.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Broker } from '../ports/broker.js';
import type { Catalog } from '../ports/catalog.js';
import type { Handlers } from '../ports/handlers.js';
import type { Store } from '../ports/store.js';
import type { Tally } from '../tally.js';

const PAGE = 500;

/** Incidents for want of a handler end by themselves once this engine has it. */
export class HealHandlers {
  constructor(
    private readonly store: Store,
    private readonly catalog: Catalog,
    private readonly handlers: Handlers,
    private readonly broker: Pick<Broker, 'reachesWorkers'>,
    private readonly commits: CommitEvents,
    private readonly tally: Tally,
  ) {}

  async execute(): Promise<void> {
    for (let after = ''; ; ) {
      const page = await this.store.incidentsWith('NO_HANDLER', after, PAGE);
      for (const { instance, flow, version, node: row } of page) {
        const node = (await this.catalog.get(flow, version))?.definition.nodes.get(row.node);
        if (node?.kind !== 'task') continue;
        // The same that an attempt asks for, so that what is healed does not fail again at once.
        const isHere = handlersOf(taskAt(node, row.visit)).every((name) => this.handlers.find(name));
        if (!isHere && !(node.remote && this.broker.reachesWorkers())) continue;
        const only = { node: row.node, visit: row.visit };
        await this.commits.execute({
          instance,
          flow,
          version,
          event: { type: 'incident.retried', at: 0, only, by: 'engine: the handler is here' },
        });
        this.tally.count('healed');
      }
      if (page.length < PAGE) return;
      after = page[page.length - 1]?.instance ?? '';
    }
  }
}
