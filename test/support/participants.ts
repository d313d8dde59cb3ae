import { type Phase, partVisit } from '../../src/core/flow/tries/tcc/rule.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { Bench, completed, type Happening } from './flow-spec.js';

export const PAY =
  'tcc: { a: { try: a.t, confirm: a.k, cancel: a.x, in: {} }, b: { try: b.t, confirm: b.k, cancel: b.x, in: {} } }';
export const RETRY = 'retry: { remote: [1s], max: 1 }';

export function definitionOf(nodes: string, edges: string) {
  const text = `flow: x\nnodes:\n  begin: { start: true }\n${nodes}edges:\n${edges}`;
  const { definition, problems } = readDefinition(text, 'x.flow.yaml');
  if (!definition || problems.length > 0) throw new Error(JSON.stringify(problems));
  return definition;
}

export const BESIDE = definitionOf(
  `  both: { gateway: parallel }
  pay: { ${PAY}, ${RETRY} }
  stop: { wait: stop }
  yes: { end: yes }
  off: { end: terminate }
`,
  '  - begin -> both\n  - both -> pay & stop\n  - pay -> yes\n  - stop -> off\n',
);

export const of = (name: 'a' | 'b', phase: Phase, attempt = 1) => ({
  visit: partVisit(1, name === 'a' ? 0 : 1, phase),
  attempt,
});
export const did = (name: 'a' | 'b', phase: Phase, attempt = 1) => completed('pay', {}, of(name, phase, attempt));
export const settled = (name: 'a' | 'b', phase: Phase): Happening => ({
  type: 'part.settled',
  node: 'pay',
  visit: of(name, phase).visit,
  by: 'ops',
  reason: 'paid out at the counter',
});

export function benchOf(definition: ReturnType<typeof definitionOf>, ...happenings: readonly Happening[]): Bench {
  const bench = new Bench(definition);
  for (const one of [{ type: 'started', input: {} } as const, ...happenings]) {
    const answer = bench.happens(one);
    if (!answer.ok) throw new Error(answer.error.message);
  }
  return bench;
}

export const phasesOf = (bench: Bench): string[] =>
  (['a', 'b'] as const).flatMap((name) =>
    (['try', 'confirm', 'cancel'] as const).flatMap((phase) => {
      const row = bench.row('pay', of(name, phase).visit);
      return row ? [`${name}.${phase} ${row.status}`] : [];
    }),
  );
