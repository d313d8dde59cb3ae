import { type Arm, type Block, childrenOf, tasksOf } from './block.js';
import { drawControl, drawRace } from './control/draw-control.js';
import type { Dice } from './dice.js';
import { type Drawing, drawPlan } from './drawing.js';
import { drawEach } from './items/draw-each.js';

/** A random flow. Races and loops are never in one flow: a race's losers may still run when the next round begins. */
export function drawBlock(dice: Dice, drawing: Drawing): Block {
  const block = undoing(dice, drawing, draw(dice, drawing));
  // A join of those taken waits for all that can reach it at all, also for what a race no longer needs or a loop may
  // bring: what never ends then holds it for ever, which the blocks alone do not tell.
  const kinds = kindsOf(block);
  const holds = kinds.has('or') && (kinds.has('race') || kinds.has('loop'));
  if (!holds) return block;
  return JSON.parse(JSON.stringify(block), (_, value: unknown) => {
    if (!isMember(value)) return value;
    if ('never' in value) return { ...value, never: false };
    if (value['kind'] === 'each') return { ...value, flow: null };
    return { ...value, ...('answered' in value && { answered: true }), ...('detach' in value && { detach: true }) };
  }) as Block;
}

/** In the end all is undone, now and then; or what one node has done. */
function undoing(dice: Dice, { undo, root }: Drawing, block: Block): Block {
  if (!undo) return block;
  const whole: Block = dice.chance(0.5)
    ? { kind: 'seq', blocks: [block, { kind: 'compensate', id: `u${root}_end`, what: 'all' }] }
    : block;
  const ids = tasksOf(block).flatMap(({ id, plan }) => (plan.undo === undefined ? [] : [id]));
  return JSON.parse(JSON.stringify(whole), (_, value: unknown) =>
    isMember(value) && value['kind'] === 'compensate' && ids.length > 0 && dice.chance(0.3)
      ? { ...value, what: dice.pick(ids) }
      : value,
  ) as Block;
}

const isMember = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kindsOf = (block: Block): Set<Block['kind']> =>
  new Set([block.kind, ...childrenOf(block).flatMap((child) => [...kindsOf(child)])]);

function draw(dice: Dice, drawing: Drawing): Block {
  const racing = dice.chance(0.4);
  let tasks = 0;
  const kinds = [
    ...KINDS,
    ...(drawing.lists ? (['each'] as const) : []),
    ...drawing.control.flatMap((kind) => (kind === 'while' && !racing ? [] : [kind, kind])),
    ...(drawing.undo ? (['compensate', 'compensate'] as const) : []),
    ...(drawing.talk ? (['event', 'border'] as const) : []),
    ...(drawing.callable.length > 0 ? (['call'] as const) : []),
  ];
  /** What stands where a task could. */
  const leaf = (depth: number, path: string): Block | null => {
    const rescue = (): Block | null => (depth > 0 && dice.chance(0.4) ? one(depth - 1, `${path}b`, null) : null);
    if (drawing.callable.length > 0 && dice.chance(0.3)) {
      const flow = dice.pick(drawing.callable);
      return { kind: 'call', id: `s${path}`, flow, detach: dice.chance(0.2), body: rescue() };
    }
    if (!drawing.talk || dice.chance(0.75)) return null;
    const body = rescue();
    const timeoutMs = body && dice.chance(0.7) ? dice.pick(PATIENCE) : null;
    const answered = dice.chance(timeoutMs !== null ? 0.6 : drawing.never ? 0.85 : 1);
    return {
      kind: 'wait',
      id: `m${path}`,
      answered,
      timeoutMs,
      writes: dice.chance(0.4),
      body: timeoutMs === null ? null : body,
      person: dice.chance(0.35),
    };
  };
  const one = (depth: number, path: string, after: string | null): Block => {
    const kind = depth === 0 || tasks > 12 ? 'task' : dice.pick(kinds);
    const inner = (name: number): Block => one(depth - 1, `${path}${name}`, null);
    const branches = (): Block[] => Array.from({ length: dice.between(2, 3) }, (_, i) => inner(i));
    switch (kind) {
      case 'task': {
        tasks++;
        if (drawing.lists && dice.chance(0.2)) return drawEach(dice, drawing, path, () => null);
        const other = leaf(depth, path);
        if (other) return other;
        if (drawing.timers && dice.chance(0.12)) return { kind: 'timer', id: `w${path}`, ms: dice.pick(WAITS) };
        return { kind: 'task', id: `t${path}`, plan: drawPlan(dice, drawing), after };
      }
      case 'each':
        tasks++;
        return drawEach(dice, drawing, path, (name) => (depth > 0 ? inner(name) : null));
      case 'copies':
      case 'while':
      case 'scope':
      case 'border':
      case 'compensate':
        tasks++;
        return drawControl(kind, dice, path, inner, () => drawPlan(dice, { ...drawing, never: false }), drawing.never);
      case 'cancel':
      case 'hold':
        return drawRace(kind, dice, path, branches());
      case 'mutex':
        tasks++;
        return { kind: 'task', id: `t${path}`, plan: { ...drawPlan(dice, drawing), mutex: true }, after };
      case 'call':
        return leaf(depth, path) ?? one(0, path, after);
      case 'event': {
        tasks++;
        const all = branches();
        const sure = dice.below(all.length);
        const arms = all.map((_, i): Arm => {
          const ms = dice.chance(0.4) ? dice.pick(PATIENCE) : null;
          return { id: `e${path}${i}`, ms, answered: ms === null && (i === sure || dice.chance(0.4)) };
        });
        return { kind: 'event', id: `e${path}`, arms, branches: all };
      }
      case 'seq':
        return sequence(dice.between(2, 4), path, depth, after);
      case 'catch':
        tasks++;
        return { kind: 'catch', id: `c${path}`, body: inner(0) };
      case 'loop':
        return racing
          ? race(branches(), path)
          : { kind: 'loop', id: `l${path}`, body: inner(0), times: dice.between(1, 3) };
      case 'race':
        return racing ? race(branches(), path) : { kind: 'and', id: `a${path}`, branches: branches() };
      case 'xor': {
        const all = branches();
        return { kind: 'xor', id: `x${path}`, branches: all, pick: dice.below(all.length) };
      }
      case 'and':
        return { kind: 'and', id: `a${path}`, branches: branches() };
      case 'or': {
        const all = branches();
        const picks = all.slice(1).flatMap((_, i) => (dice.chance(0.5) ? [i] : []));
        return { kind: 'or', id: `o${path}`, branches: all, picks };
      }
    }
  };
  const race = (all: Block[], path: string): Block => ({
    kind: 'race',
    id: `r${path}`,
    branches: all,
    count: dice.between(1, all.length),
  });
  const sequence = (length: number, path: string, depth: number, first: string | null): Block => {
    const blocks: Block[] = [];
    for (let i = 0; i < length; i++) {
      const before = blocks.at(-1);
      const after = before === undefined ? first : before.kind === 'task' ? before.id : null;
      blocks.push(one(depth - 1, `${path}${i}`, after));
    }
    return { kind: 'seq', blocks };
  };
  return one(drawing.depth, drawing.root, null);
}

const KINDS = ['task', 'seq', 'seq', 'and', 'and', 'or', 'xor', 'race', 'loop', 'catch'] as const;
const WAITS = [0, 1_000, 8_000, 40_000, 100_000];
const PATIENCE = [2_000, 20_000, 90_000];
