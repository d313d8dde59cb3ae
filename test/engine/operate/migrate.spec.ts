import { expect, it } from 'vitest';
import { newInstance } from '../../../src/core/flow/advance.js';
import { MigrateInstances } from '../../../src/engine/operate/migrate/migrate-instances.js';
import type { Catalog } from '../../../src/engine/ports/catalog.js';
import type { ApplyRequest, Changes, Store } from '../../../src/engine/ports/store.js';
import type { InstanceView, Views } from '../../../src/engine/ports/views.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { Bench, started } from '../../support/flow-spec.js';
import { KeptLog } from '../bench.js';

const flowOf = (version: number, edges: readonly string[]) => {
  const text = `flow: x
nodes:
  begin: { start: true }
  both: { gateway: parallel }
  a: { task: a.work, lease: true, timeout: 1h }
  b: { task: b.work }
  all: { join: all }
  done: { end: done }
edges:
${edges.map((edge) => `  - ${edge}\n`).join('')}`;
  const { definition, problems } = readDefinition(text, 'x.flow.yaml');
  if (!definition) throw new Error(JSON.stringify(problems));
  return { definition: { ...definition, version }, checkInput: () => [] };
};
const LINES = ['begin -> both', 'both -> a & b', 'a & b -> all', 'all -> done'];
const VERSIONS = [flowOf(1, LINES), flowOf(2, LINES.toReversed())];

it('gives a row its new edges and leaves the end of its lease as it is, though that has moved since it was read', async () => {
  const bench = new Bench((VERSIONS[0] as (typeof VERSIONS)[0]).definition);
  expect(bench.happens(started()).ok).toBe(true);
  const nodes = [...bench.rows.values()].map((row) => ({ ...row, output: null }));
  const instance = {
    ...newInstance({ id: 'i1', flow: 'x', version: 1, key: null, at: 1 }),
    ...bench.instance,
    version: 1,
  };
  const view = {
    instance,
    nodes,
    input: {},
    vars: {},
    attempts: [],
    incidents: [],
    now: 5_000,
  } as unknown as InstanceView;
  let written: readonly Changes[] = [];
  const store = {
    async apply({ decide }: ApplyRequest) {
      const locked = bench.row('a');
      const active = [...bench.rows.values()].filter(({ endedAt }) => endedAt === null);
      const renewed = active.map((row) => (row === locked ? { ...row, wakeAt: 90_000 } : row));
      written = decide([{ instance, nodes: renewed }], 6_000);
      return { skipped: [] };
    },
  } as unknown as Store;
  const views = { instance: async () => view } as unknown as Views;
  const catalog = { get: async (_: string, version = 2) => VERSIONS[version - 1] } as unknown as Catalog;
  const migrate = new MigrateInstances(store, views, catalog, new KeptLog());
  const order = { flow: 'x', to: 2, instances: ['i1'], dryRun: false, by: 'ann', limit: 1 };
  expect(await migrate.execute(order)).toMatchObject({ value: { items: [{ outcome: 'moved' }] } });
  const row = written[0]?.nodes.find(({ node }) => node === 'a');
  expect(row?.via).not.toEqual(bench.row('a')?.via);
  expect(row?.wakeAt).toBe(90_000);
});
