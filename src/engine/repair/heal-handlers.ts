import type { TaskNode } from '../../core/definition/definition.js';
import { handlersOf, taskAt } from '../../core/definition/handlers.js';
import type { CommitEvents } from '../commit/commit-events.js';
import { fetchSecrets, Secrets, type WithSecrets } from '../intake/work/order/secrets.js';
import type { Broker } from '../ports/broker.js';
import type { Catalog } from '../ports/catalog.js';
import type { Handlers } from '../ports/handlers.js';
import type { Store } from '../ports/store.js';
import type { Tally } from '../tally.js';

const PAGE = 500;

interface Parts extends WithSecrets {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly handlers: Handlers;
  readonly broker: Pick<Broker, 'reachesWorkers'>;
  readonly commits: CommitEvents;
  readonly tally: Tally;
}

/** Each secret is asked for once: a round may look at thousands of incidents. */
class AskedOnce extends Secrets {
  private readonly asked = new Map<string, Promise<string | null>>();

  constructor(private readonly source: Secrets | undefined) {
    super();
  }

  override async find(name: string): Promise<string | null> {
    const known = this.asked.get(name) ?? this.source?.find(name) ?? Promise.resolve(null);
    this.asked.set(name, known);
    return known;
  }
}

/** Incidents for want of a handler, or of a secret, end by themselves once this engine has it. */
export class HealHandlers {
  constructor(private readonly parts: Parts) {}

  async execute(): Promise<void> {
    await this.heal('NO_HANDLER', async (task) => this.canRun(task));
    const secrets = new AskedOnce(this.parts.secrets);
    const has = async (task: TaskNode): Promise<boolean> => (await fetchSecrets(task, secrets)).type === 'there';
    await this.heal('NO_SECRET', async (task) => this.canRun(task) && (await has(task)));
  }

  private async heal(code: 'NO_HANDLER' | 'NO_SECRET', isHere: (task: TaskNode) => Promise<boolean>): Promise<void> {
    const { store, catalog, commits, tally } = this.parts;
    const by = `engine: the ${code === 'NO_HANDLER' ? 'handler' : 'secret'} is here`;
    for (let after = ''; ; ) {
      const page = await store.incidentsWith(code, after, PAGE);
      for (const { instance, flow, version, node: row } of page) {
        const node = (await catalog.get(flow, version))?.definition.nodes.get(row.node);
        if (node?.kind !== 'task' || !(await isHere(taskAt(node, row.visit)))) continue;
        const only = { node: row.node, visit: row.visit };
        await commits.execute({ instance, flow, version, event: { type: 'incident.retried', at: 0, only, by } });
        tally.count('healed');
      }
      if (page.length < PAGE) return;
      after = page[page.length - 1]?.instance ?? '';
    }
  }

  /** The same that an attempt asks for, so that what is healed does not fail again at once. */
  private canRun(task: TaskNode): boolean {
    const { handlers, broker } = this.parts;
    return handlersOf(task).every((name) => handlers.find(name)) || (task.remote === true && broker.reachesWorkers());
  }
}
