import { type Block, childrenOf, type EachBlock, PLAIN, tasksOf } from '../flow/block.js';
import type { Scenario } from '../world/scenario.js';

/** A scenario, and the steps that go wrong in it. */
export interface Case {
  readonly scenario: Scenario;
  readonly steps: readonly string[];
}

/** Most replays: enough to come from 300 steps to a handful. */
const MOST = 1_500;

/** Makes a case as small as it gets while it still fails: fewer steps, fewer starts and engines, a simpler flow. */
export async function shrink(from: Case, fails: (tried: Case) => Promise<boolean>): Promise<Case> {
  let best = from;
  let left = MOST;
  const works = async (tried: Case): Promise<boolean> => {
    if (left-- <= 0 || !(await fails(tried))) return false;
    best = tried;
    return true;
  };
  for (let size = Number.POSITIVE_INFINITY; sizeOf(best) < size && left > 0; ) {
    size = sizeOf(best);
    await withoutSteps(() => best, works);
    for (const simpler of simplerThan(best.scenario)) await works({ ...best, scenario: simpler(best.scenario) });
  }
  return best;
}

const sizeOf = ({ scenario, steps }: Case): number => steps.length * 10 + JSON.stringify(scenario).length;

/** Leaves out runs of steps, long ones first. */
async function withoutSteps(best: () => Case, works: (tried: Case) => Promise<boolean>): Promise<void> {
  for (let length = Math.ceil(best().steps.length / 2); length >= 1; length = Math.floor(length / 2)) {
    for (let at = best().steps.length - length; at >= 0; at -= length) {
      const { scenario, steps } = best();
      await works({ scenario, steps: [...steps.slice(0, at), ...steps.slice(at + length)] });
    }
  }
}

type Change = (scenario: Scenario) => Scenario;

function simplerThan({ starts, engines, flows, faults }: Scenario): Change[] {
  const changes: Change[] = [];
  for (const { receipt } of starts)
    changes.push((now) => ({ ...now, starts: now.starts.filter((one) => one.receipt !== receipt) }));
  if (engines > 1) changes.push((now) => ({ ...now, engines: Math.max(1, now.engines - 1) }));
  for (const [name, block] of Object.entries(flows))
    for (const path of pathsOf(block)) {
      const within = (now: Scenario, change: (at: Block) => Block): Scenario => {
        const flow = now.flows[name];
        return flow === undefined ? now : { ...now, flows: { ...now.flows, [name]: sound(edit(flow, path, change)) } };
      };
      for (let child = 0; child < 4; child++) changes.push((now) => within(now, (at) => childrenOf(at)[child] ?? at));
      changes.push((now) => within(now, (at) => (at.kind === 'task' ? { ...at, plan: PLAIN, after: null } : at)));
      changes.push((now) =>
        within(now, (at) => (REPLACED.includes(at.kind) ? plainTask((at as { id: string }).id) : at)),
      );
      changes.push((now) =>
        within(now, (at) => (at.kind === 'each' && !at.listed ? { ...at, items: at.items.slice(0, -1) } : at)),
      );
      changes.push((now) => within(now, (at) => (at.kind === 'each' && !at.listed ? without(at) : at)));
    }
  for (const fault of ['twice', 'unflushed'] as const)
    if (faults.includes(fault)) changes.push((now) => ({ ...now, faults: now.faults.filter((one) => one !== fault) }));
  changes.push((now) => ({ ...now, missing: [] }));
  changes.push((now) => ({ ...now, skewsMs: now.skewsMs.map(() => 0) }));
  return changes;
}

/** All of its items are there from the beginning. */
const without = ({ added: _, ...at }: EachBlock): EachBlock => at;

const REPLACED: readonly Block['kind'][] = ['wait', 'call', 'each', 'wide'];
const plainTask = (id: string): Block => ({ kind: 'task', id, plan: PLAIN, after: null });

/** Nobody reads the output of a task that is gone. */
function sound(flow: Block): Block {
  const ids = new Set(tasksOf(flow).map(({ id }) => id));
  return JSON.parse(JSON.stringify(flow), (key, value: unknown) =>
    key === 'after' && typeof value === 'string' && !ids.has(value) ? null : value,
  ) as Block;
}

const pathsOf = (block: Block): number[][] => [
  [],
  ...childrenOf(block).flatMap((child, at) => pathsOf(child).map((path) => [at, ...path])),
];

function edit(block: Block, [first, ...rest]: readonly number[], change: (at: Block) => Block): Block {
  if (first === undefined) return change(block);
  const children = childrenOf(block);
  const child = children[first];
  if (child === undefined) return block;
  const edited = children.map((one, at) => (at === first ? edit(child, rest, change) : one));
  switch (block.kind) {
    case 'task':
    case 'timer':
    case 'compensate':
      return block;
    case 'seq':
      return { ...block, blocks: edited };
    case 'catch':
    case 'loop':
    case 'fails':
    case 'wait':
    case 'call':
    case 'each':
    case 'copies':
      return { ...block, body: edited[0] as Block };
    case 'border': {
      const [host, body] = edited;
      const isHost = host?.kind === 'task' || host?.kind === 'wait';
      return isHost && body ? { ...block, host, body } : block;
    }
    case 'scope':
      return { ...block, body: edited[0] as Block, rescue: edited[1] as Block };
    case 'while': {
      const [first, host, lead, guest] = edited;
      const isWhole = first && host?.kind === 'task' && lead && guest?.kind === 'task';
      return isWhole ? { ...block, first, host, lead, guest } : block;
    }
    default:
      return { ...block, branches: edited };
  }
}
