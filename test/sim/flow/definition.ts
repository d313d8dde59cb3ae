import type { Definition } from '../../../src/core/definition/definition.js';
import type { Expression } from '../../../src/core/expression.js';
import type { Json, JsonObject } from '../../../src/core/json.js';
import { isolate } from '../../../src/language/edges/isolate.js';
import {
  call,
  end,
  event,
  exclusive,
  expr,
  failure,
  first,
  flow,
  inclusive,
  is,
  join,
  literal,
  manual,
  parallel,
  path,
  set,
  start,
  task,
  timer,
  wait,
} from '../../support/build-definition.js';
import type { Colon } from '../../support/definition/colon.js';
import { type Block, childrenOf, MOST_RETRIES, SUB_FAILED, type TaskBlock, type WaitBlock } from './block.js';
import { undoneByFlow } from './calls/undone-calls.js';
import { addControl, undoable } from './control/control-nodes.js';
import { itemText } from './items/each-block.js';
import { eachOf } from './items/each-node.js';
import { type Nodes, type Part, part, type Site } from './part.js';
import { handlerOf, type Partners } from './partners.js';
import { addWide, inputOfWide, withMore } from './wide/wide-nodes.js';

/** The flow `begin -> block -> done`. */
export function definitionOf(name: string, block: Block, partners: Partners): Definition {
  const nodes: Nodes = { begin: start(), done: end('done') };
  const arrows: (readonly [arrow: string, when?: Colon, label?: null, cancels?: readonly string[]])[] = [];
  const several = new Map<number, number>();
  const line: Site['line'] = (from, to, by, { cancels, times } = {}) => {
    if (times) several.set(arrows.length, times);
    const arrow = `${from} -> ${to}`;
    if (cancels) arrows.push([arrow, by as Colon, null, cancels]);
    else arrows.push(by === undefined ? [arrow] : [arrow, by]);
  };
  const behind = (id: string) => ({
    handler: handlerOf(id, partners),
    ...(partners.banks && { circuit: { name: 'bank', by: path('input.bank') } }),
  });
  const fork = (
    open: string,
    close: string,
    branches: readonly Block[],
    when: (i: number) => Colon | undefined,
  ): Part => {
    for (const [i, branch] of branches.entries()) {
      const inner = add(branch);
      line(open, inner.entry, when(i));
      line(inner.exit, close, inner.by);
    }
    return part(open, close);
  };
  /** A task that is refused for good. */
  const refused = (id: string): void => {
    nodes[id] = task({ ...behind(id), in: {}, retry: { remote: [1_000], max: MOST_RETRIES } });
  };
  /** A node, and a body for when it does not go well. */
  const guarded = (id: string, body: Block | null, otherwise: Colon): Part => {
    if (body === null) return part(id);
    nodes[`${id}_merge`] = exclusive();
    const inner = add(body);
    line(id, `${id}_merge`, undefined);
    line(id, inner.entry, otherwise);
    line(inner.exit, `${id}_merge`, inner.by);
    return part(id, `${id}_merge`);
  };
  const add = (at: Block): Part => {
    switch (at.kind) {
      case 'task':
        nodes[at.id] = task({
          ...behind(at.id),
          ...inOf(at),
          ...outOf(at),
          retry: { remote: [1_000, 4_000], max: MOST_RETRIES },
          ...(at.plan.by === 'lease' && { lease: true as const }),
          ...(at.plan.by === 'worker' && { remote: true }),
          ...(at.plan.mutex && { mutex: { name: 'one', section: false } }),
        });
        if (at.plan.undo !== undefined) nodes[at.id] = undoable(nodes[at.id] as Nodes[string], {});
        if (at.plan.more) nodes[at.id] = withMore(nodes[at.id] as Nodes[string], at.plan.more);
        return part(at.id);
      case 'each':
        nodes[at.id] = eachOf(at, behind(at.id));
        if (at.items[0]?.undo !== undefined)
          nodes[at.id] = undoable(nodes[at.id] as Nodes[string], { index: path('index') });
        return guarded(at.id, at.body, 'on error *');
      case 'timer':
        nodes[at.id] = timer({ ms: at.ms });
        return part(at.id);
      case 'seq': {
        const parts = at.blocks.map(add);
        for (const [i, { entry }] of parts.entries()) {
          const before = parts[i - 1];
          if (before) line(before.exit, entry, before.by);
        }
        const last = parts.at(-1);
        return part(parts[0]?.entry ?? '', last?.exit, last?.by);
      }
      case 'catch': {
        refused(`${at.id}_try`);
        nodes[`${at.id}_merge`] = exclusive();
        const inner = add(at.body);
        line(`${at.id}_try`, `${at.id}_merge`, undefined);
        line(`${at.id}_try`, inner.entry, 'on error REFUSED*');
        line(inner.exit, `${at.id}_merge`, inner.by);
        return part(`${at.id}_try`, `${at.id}_merge`);
      }
      case 'xor':
        nodes[`${at.id}_split`] = exclusive();
        nodes[`${at.id}_merge`] = exclusive();
        return fork(`${at.id}_split`, `${at.id}_merge`, at.branches, (i) =>
          i === 0 ? 'else' : is(`input.${at.id}`, i),
        );
      case 'or':
        nodes[`${at.id}_split`] = inclusive();
        nodes[`${at.id}_join`] = join('taken');
        return fork(`${at.id}_split`, `${at.id}_join`, at.branches, (i) =>
          i === at.branches.length - 1 ? 'else' : is(`input.${at.id}.p${i}`, true),
        );
      case 'copies':
      case 'while':
      case 'scope':
      case 'border':
      case 'compensate':
        return addControl(at, { nodes, line, add, refused });
      case 'wide':
        return addWide(at, { nodes, line, add, refused }, behind);
      case 'and':
      case 'race':
        nodes[`${at.id}_split`] = parallel();
        nodes[`${at.id}_join`] =
          at.kind === 'race' && at.rest ? first(at.count, at.rest) : join(at.kind === 'and' ? 'all' : at.count);
        return fork(`${at.id}_split`, `${at.id}_join`, at.branches, () => undefined);
      case 'loop': {
        const count = `vars.${at.id}`;
        nodes[`${at.id}_zero`] = set({ [at.id]: literal(0) });
        nodes[`${at.id}_next`] = set({ [at.id]: expr(`${count} + 1`, [count], (n) => Number(n) + 1) });
        nodes[`${at.id}_again`] = exclusive();
        const inner = add(at.body);
        line(`${at.id}_zero`, `${at.id}_next`, undefined);
        line(`${at.id}_next`, inner.entry, undefined);
        line(inner.exit, `${at.id}_again`, inner.by);
        const goesOn = expr(`${count} < ${at.times}`, [count], (n) => Number(n) < at.times);
        line(`${at.id}_again`, `${at.id}_next`, goesOn);
        return part(`${at.id}_zero`, `${at.id}_again`, 'else');
      }
      case 'wait': {
        nodes[at.id] = at.person ? askFor(at) : waitFor(at.id, at.timeoutMs, at.writes);
        return guarded(at.id, at.body, 'on timeout');
      }
      case 'event': {
        nodes[`${at.id}_first`] = event();
        nodes[`${at.id}_merge`] = exclusive();
        for (const [i, { id, ms }] of at.arms.entries()) {
          nodes[id] = ms === null ? waitFor(id, null, false) : timer({ ms });
          line(`${at.id}_first`, id, undefined);
          const inner = add(at.branches[i] as Block);
          line(id, inner.entry, undefined);
          line(inner.exit, `${at.id}_merge`, inner.by);
        }
        return part(`${at.id}_first`, `${at.id}_merge`);
      }
      case 'call': {
        const plain = call({ flow: at.flow, detach: at.detach });
        nodes[at.id] = at.undo ? undoneByFlow(plain) : plain;
        return guarded(at.id, at.body, 'on error *');
      }
      case 'fails': {
        const inner = add(at.body);
        nodes[`${at.id}_fail`] = failure(SUB_FAILED);
        line(inner.exit, `${at.id}_fail`, inner.by);
        return part(inner.entry, `${at.id}_fail`);
      }
    }
  };
  const whole = add(block);
  line('begin', whole.entry, undefined);
  if (block.kind === 'fails') delete nodes['done'];
  else line(whole.exit, 'done', whole.by);
  const built = flow(nodes, arrows, { flow: name });
  const lines = built.lines.map((one) => ({
    ...one,
    ...(several.has(one.index) && { times: several.get(one.index) as number }),
  }));
  return isolate({ ...built, lines });
}

/** Letters are told apart by two members: whose they are, and for which node. */
const waitFor = (id: string, timeoutMs: number | null, writes: boolean) =>
  wait({
    message: 'letter',
    match: { receipt: path('input.receipt'), node: literal(id) },
    ...(timeoutMs !== null && { timeoutMs }),
    ...(writes && { out: { [`v_${id}`]: path('result.value') } }),
  });

/** Asked of whoever is responsible for the bank. */
const askFor = ({ id, timeoutMs, writes }: WaitBlock) =>
  manual({
    assignee: path('input.bank'),
    dueMs: 1_000,
    timeoutMs,
    ...(writes && { out: { [`v_${id}`]: path('result.value') } }),
  });

function inOf({ plan, after }: TaskBlock): { in?: Record<string, Expression> } {
  if (plan.reads === 'all') return {};
  if (plan.reads === 'nothing') return { in: {} };
  return { in: { salt: path('input.salt'), ...(after !== null && { before: path(`${after}.value`) }) } };
}

const outOf = ({ id, plan }: TaskBlock): { out?: Record<string, Expression> } =>
  plan.writes ? { out: { [`v_${id}`]: path('result.value') } } : {};

/** The input that makes the gateways pick as the blocks say. */
export function inputOf(block: Block): JsonObject {
  const own: Record<string, Json> = {};
  if (block.kind === 'xor') own[block.id] = block.pick;
  if (block.kind === 'or') own[block.id] = Object.fromEntries(block.picks.map((i) => [`p${i}`, true]));
  if (block.kind === 'scope') own[block.id] = block.how;
  if (block.kind === 'wide' || block.kind === 'task') Object.assign(own, inputOfWide(block));
  if (block.kind === 'each' && block.listed)
    own[block.id] = block.items.slice(0, block.added?.first).map((_, item) => itemText(block, item));
  return Object.assign(own, ...childrenOf(block).map(inputOf)) as JsonObject;
}
