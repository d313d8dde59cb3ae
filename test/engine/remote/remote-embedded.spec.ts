import { expect, it } from 'vitest';
import type { Published } from '../../../src/engine/ports/catalog.js';
import { Log } from '../../../src/engine/ports/log.js';
import { type RemoteTasksAround, warnOfRemoteTasks } from '../../../src/engine/remote/warn-of-remote-tasks.js';
import { flow, start, task } from '../../support/build-definition.js';

class Warnings extends Log {
  readonly warned: string[] = [];
  override info(): void {}
  override warn(message: string, facts?: Readonly<Record<string, unknown>>): void {
    this.warned.push(`${String(facts?.['node'])}: ${message}`);
  }
  override error(): void {}
}

async function warnings(around: { reaches?: boolean; handlers?: readonly string[] } = {}): Promise<string[]> {
  const nodes = { begin: start(), near: task(), far: task({ remote: true }), known: task({ remote: true }) };
  const definition = flow(nodes, ['begin -> near -> far -> known']);
  const log = new Warnings();
  await warnOfRemoteTasks(
    {
      broker: { reachesWorkers: () => around.reaches ?? false },
      catalog: { get: async () => ({ definition }) as unknown as Published },
      definitions: { newest: async () => [{ flow: 'a' }] } as unknown as RemoteTasksAround['definitions'],
      handlers: { find: (name) => (around.handlers?.includes(name) ? () => null : undefined) },
    },
    log,
  );
  return log.warned;
}

it('an embedded start warns of each remote task that has no handler here', async () => {
  expect(await warnings({ handlers: ['do.known'] })).toEqual([
    expect.stringMatching(/^far: Expected a broker for the remote task 'do.far'.*SLUICE_BROKER_URL/),
  ]);
});

it('a start on servers does not', async () => {
  expect(await warnings({ reaches: true })).toEqual([]);
});
