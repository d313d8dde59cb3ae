// The two flows of the benchmark. A step is a node instance that crossed the broker; starts, ends and joins do not.

/** Start, five tasks in a row, end: five steps. */
export const LINEAR = `
flow: bench_linear
nodes:
  begin: { start: true }
  a: { task: bench.work, in: { id: input.id } }
  b: { task: bench.work, in: { id: input.id } }
  c: { task: bench.work, in: { id: input.id } }
  d: { task: bench.work, in: { id: input.id } }
  e: { task: bench.last, in: { id: input.id } }
  done: { end: success }
edges:
  - begin -> a -> b -> c -> d -> e -> done
`;

const branches = Array.from({ length: 10 }, (_, at) => `b${at}`);

/** One task, ten at once, a join, one task: twelve steps. */
export const FAN = `
flow: bench_fan
nodes:
  begin: { start: true }
  first: { task: bench.work, in: { id: input.id } }
  fork: { gateway: parallel }
${branches.map((id) => `  ${id}: { task: bench.work, in: { id: input.id } }`).join('\n')}
  joined: { join: all }
  last: { task: bench.last, in: { id: input.id } }
  done: { end: success }
edges:
  - begin -> first -> fork
  - fork -> ${branches.join(' & ')}
  - ${branches.join(' & ')} -> joined
  - joined -> last -> done
`;

/** `inFlight` instances keep about 1,000 messages in circulation, as the floor does: five or six for each fan, on average. */
export const FLOWS = {
  linear: { id: 'bench_linear', source: LINEAR, parallel: [], inFlight: 1_000 },
  fan: { id: 'bench_fan', source: FAN, parallel: branches, inFlight: 180 },
};
