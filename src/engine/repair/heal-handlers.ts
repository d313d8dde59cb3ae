import type { TaskNode } from '../../core/definition/definition.js';
import { handlersOf, taskAt } from '../../core/definition/handlers.js';
import { secretNames } from '../../core/safe/secret-use.js';
import type { CommitEvents } from '../commit/commit-events.js';
import { isUsable, type WithSecrets } from '../intake/work/order/secrets.js';
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

/** Secrets that this engine has, each asked for once. */
type Had = Map<string, boolean>;

/** Incidents for want of a handler, or of a secret, end by themselves once this engine has it. */
export class HealHandlers {
  constructor(private readonly parts: Parts) {}

  async execute(): Promise<void> {
    await this.heal('NO_HANDLER', async (task) => this.canRun(task));
    const had: Had = new Map();
    await this.heal('NO_SECRET', async (task) => this.canRun(task) && (await this.hasSecrets(task, had)));
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

  private async hasSecrets({ secrets: uses = [] }: TaskNode, had: Had): Promise<boolean> {
    for (const name of secretNames({ secrets: uses })) {
      if (!had.has(name)) had.set(name, await this.hasSecret(name));
      if (!had.get(name)) return false;
    }
    return true;
  }

  /** A source that cannot be reached is asked again in the next round. */
  private async hasSecret(name: string): Promise<boolean> {
    try {
      return isUsable((await this.parts.secrets?.find(name)) ?? null);
    } catch {
      return false;
    }
  }
}
