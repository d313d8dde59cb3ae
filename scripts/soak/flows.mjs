// Random flows of nested steps, as YAML and as the steps themselves, which is what the oracle reads.
import { dice } from './dice.mjs';

const MOST_NODES = 30;
const FEWEST_NODES = 10;

/** How many attempts of a task may fail after its first; far above what any run needs. */
export const MOST_RETRIES = 30;
/** The delays of a retry, in milliseconds; the last repeats. */
export const RETRY_MS = [250, 500, 1_000];

/** The flow's versions, oldest first: `{ flow, version, step, nodes, yaml }`. */
export function flowOf(seed, number, versions = 2) {
  return Array.from({ length: versions }, (_, at) => oneVersion(seed, `soak_${number}`, at + 1));
}

function oneVersion(seed, flow, version) {
  const chance = dice(seed, `${flow} ${version}`);
  for (;;) {
    const step = line(chance, 3, ids(version === 1 ? 'a' : 'b'), { again: true, some: Number.POSITIVE_INFINITY });
    const drawn = draw(step);
    if (drawn.nodes.length > MOST_NODES || drawn.nodes.length < FEWEST_NODES) continue;
    return { flow, version, step, nodes: drawn.nodes.length, yaml: yamlOf(flow, drawn) };
  }
}

function ids(letter) {
  let count = 0;
  return () => `${letter}${++count}`;
}

const KINDS = [
  { kind: 'task', weight: 8 },
  { kind: 'guarded', weight: 3 },
  { kind: 'doomed', weight: 0.5 },
  { kind: 'nap', weight: 2 },
  { kind: 'line', weight: 2 },
  { kind: 'choose', weight: 3 },
  { kind: 'ask', weight: 2 },
  { kind: 'all', weight: 4 },
  { kind: 'some', weight: 3 },
  { kind: 'again', weight: 2 },
];
const FLAT = ['task', 'guarded', 'doomed', 'nap'];

function line(chance, depth, id, may) {
  return { kind: 'line', steps: Array.from({ length: chance.int(1, 3) }, () => one(chance, depth, id, may)) };
}

function one(chance, depth, id, may) {
  const kinds = KINDS.filter(({ kind }) => FLAT.includes(kind) || (depth > 0 && (may[kind] ?? true)));
  const { kind } = chance.weighted(kinds);
  // Two such joins in one loop could wait for each other; definitions that have them are refused.
  if (kind === 'some') may.some -= 1;
  const inner = (then = may) => line(chance, depth - 1, id, then);
  const arms = () => Array.from({ length: chance.int(2, 3) }, () => inner());
  switch (kind) {
    case 'task':
      return { kind, id: id(), fails: chance.chance(0.2) ? chance.int(1, 2) : 0, reads: chance.int(0, 2) };
    case 'guarded':
    case 'doomed':
      return { kind, id: id() };
    case 'nap':
      return { kind, id: id(), ms: chance.pick([100, 250, 600, 1_000, 1_500, 2_000]) };
    case 'line':
      return inner();
    case 'again':
      return { kind, id: id(), times: chance.int(2, 3), body: inner({ again: false, some: 1 }) };
    default:
      return { kind, id: id(), arms: arms() };
  }
}

/** Nodes and edges of a step as lines of YAML, with the node it is entered by and the node it is left from. */
function draw(step) {
  const nodes = ['begin: { start: true }', 'done: { end: done }'];
  const edges = [];
  const node = (id, body) => {
    nodes.push(`${id}: { ${body} }`);
    return id;
  };
  const edge = (from, to, colon) => edges.push(colon ? `${from} -> ${to}: ${colon}` : `${from} -> ${to}`);
  const fork = (arms, from, to, colon) => {
    for (const [at, arm] of arms.entries()) {
      const [entry, exit] = add(arm);
      edge(from, entry, colon(at, at === arms.length - 1));
      edge(exit, to);
    }
    return [from, to];
  };
  const add = (at) => {
    const { id } = at;
    switch (at.kind) {
      case 'line': {
        const parts = at.steps.map(add);
        for (let i = 1; i < parts.length; i++) edge(parts[i - 1][1], parts[i][0]);
        return [parts[0][0], parts.at(-1)[1]];
      }
      case 'task':
        return [node(id, task(id, at)), id];
      case 'doomed':
        return [node(id, task(id, { refuses: true })), id];
      case 'guarded': {
        node(id, task(id, { refuses: true }));
        node(`${id}_amends`, task(`${id}_amends`, { reads: 0 }));
        node(`${id}_met`, 'gateway: exclusive');
        edge(id, `${id}_met`);
        edge(id, `${id}_amends`, 'on error REFUSED*');
        edge(`${id}_amends`, `${id}_met`);
        return [id, `${id}_met`];
      }
      case 'nap':
        return [node(id, `timer: ${at.ms}ms`), id];
      case 'choose':
        node(`${id}_fork`, 'gateway: exclusive');
        node(`${id}_meet`, 'gateway: exclusive');
        return fork(at.arms, `${id}_fork`, `${id}_meet`, (i, last) => (last ? 'else' : `input.pick.${id} == ${i}`));
      case 'ask':
        node(id, task(id, { reads: 1 }));
        node(`${id}_meet`, 'gateway: exclusive');
        return fork(at.arms, id, `${id}_meet`, (i, last) => (last ? 'else' : `result.n < ${300 * (i + 1)}`));
      case 'all':
        node(`${id}_fork`, 'gateway: parallel');
        node(`${id}_meet`, 'join: all');
        return fork(at.arms, `${id}_fork`, `${id}_meet`, () => '');
      case 'some':
        node(`${id}_fork`, 'gateway: inclusive');
        node(`${id}_meet`, 'join: taken');
        return fork(at.arms, `${id}_fork`, `${id}_meet`, (i, last) => (last ? 'else' : `${i} in input.some.${id}`));
      case 'again': {
        node(`${id}_zero`, `set: { ${id}: 0 }`);
        node(`${id}_next`, `set: { ${id}: vars.${id} + 1 }`);
        node(`${id}_turn`, 'gateway: exclusive');
        node(`${id}_out`, 'gateway: exclusive');
        const [entry, exit] = add(at.body);
        edge(`${id}_zero`, `${id}_next`);
        edge(`${id}_next`, entry);
        edge(exit, `${id}_turn`);
        edge(`${id}_turn`, `${id}_next`, `vars.${id} < ${at.times}`);
        edge(`${id}_turn`, `${id}_out`, 'else');
        return [`${id}_zero`, `${id}_out`];
      }
      default:
        throw new Error(`Expected a known kind of step, but it is ${at.kind}.`);
    }
  };
  const [entry, exit] = add(step);
  edge('begin', entry);
  edge(exit, 'done');
  return { nodes, edges };
}

/** Three ways to read: nothing (the engine need not load a row), two members of the input, the whole scope. */
const READS = ['in: {}, ', 'in: { refuse: input.refuse, secret: input.secret }, ', ''];

const task = (id, { fails = 0, reads = 1, refuses = false }) =>
  `task: soak.task, ${READS[refuses ? 1 : reads]}with: { fails: ${fails}, refuses: ${refuses} }, out: { ${id}: result.n }`;

const yamlOf = (flow, { nodes, edges }) => `flow: ${flow}
key: input.key
defaults: { timeout: 5s, retry: { remote: [${RETRY_MS.map((ms) => `${ms}ms`).join(', ')}], max: ${MOST_RETRIES} } }
nodes:
${nodes.map((text) => `  ${text}\n`).join('')}edges:
${edges.map((text) => `  - ${text}\n`).join('')}`;

/** An input that says at random where the gateways of every version go and which tasks refuse. */
export function inputOf(versions, chance, key, secret) {
  const input = { key, secret, pick: {}, some: {}, refuse: [] };
  const walk = (step) => {
    if (step.kind === 'choose') input.pick[step.id] = chance.int(0, step.arms.length - 1);
    if (step.kind === 'some')
      input.some[step.id] = step.arms.slice(0, -1).flatMap((_, i) => (chance.chance(0.5) ? [i] : []));
    if (step.kind === 'guarded' && chance.chance(0.3)) input.refuse.push(step.id);
    if (step.kind === 'doomed' && chance.chance(0.05)) input.refuse.push(step.id);
    for (const inner of step.steps ?? step.arms ?? (step.body ? [step.body] : [])) walk(inner);
  };
  for (const { step } of versions) walk(step);
  return input;
}
