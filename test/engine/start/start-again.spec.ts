import { afterEach, expect, it } from 'vitest';
import { EngineBench, until } from '../bench.js';

const flow = (task: string) => `flow: loan
key: input.loanId
nodes: { begin: { start: true }, work: { task: ${task} }, done: { end: success } }
edges: [begin -> work -> done]
`;

let bench: EngineBench;
afterEach(() => bench.end());

it('answers a start that comes again with the version, key and status of the instance that is there', async () => {
  bench = new EngineBench({ review: () => ({ ok: true }), check: () => ({ ok: true }) }, flow('review'));
  const engine = await bench.engine();
  const first = await engine.startInstance.execute({ flow: 'loan', input: { loanId: 'L-1' }, receipt: 'r-1' });
  if (!first.ok) throw new Error(first.error.message);
  const { id } = first.value;
  await until('the end', async () => (await bench.instance(id))?.status === 'completed');
  bench.catalog.publish(flow('check'), 2);

  const again = await engine.startInstance.execute({ flow: 'loan', input: { loanId: 'L-2' }, receipt: 'r-1' });

  expect(again).toMatchObject({
    ok: true,
    value: { id, duplicate: true, version: 1, key: 'L-1', status: 'completed' },
  });
});
