import type { Broker } from '../ports/broker.js';
import type { Catalog } from '../ports/catalog.js';
import type { DefinitionStore } from '../ports/definition-store.js';
import type { Handlers } from '../ports/handlers.js';
import type { Log } from '../ports/log.js';

export interface RemoteTasksAround {
  readonly broker: Pick<Broker, 'reachesWorkers'>;
  readonly catalog: Pick<Catalog, 'get'>;
  readonly definitions: Pick<DefinitionStore, 'newest'>;
  readonly handlers: Pick<Handlers, 'find'>;
}

/** Where nobody outside can be reached, says which tasks need somebody: better now than by the first instance there. */
export async function warnOfRemoteTasks(around: RemoteTasksAround, log: Log): Promise<void> {
  const { broker, catalog, definitions, handlers } = around;
  if (broker.reachesWorkers()) return;
  for (const { flow } of await definitions.newest()) {
    for (const node of (await catalog.get(flow))?.definition.nodes.values() ?? []) {
      if (node.kind !== 'task' || !node.remote || handlers.find(node.handler)) continue;
      log.warn(
        `Expected a broker for the remote task '${node.handler}', but Sluice runs embedded. Set SLUICE_DATABASE_URL and SLUICE_BROKER_URL, or give it a handler of that name.`,
        { flow, node: node.id },
      );
    }
  }
}
