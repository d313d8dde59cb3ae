import type { CallNode, FlowNode } from '../../../../src/core/definition/definition.js';
import { path } from '../../../support/build-definition.js';
import { allOf, type Block, PLAIN } from '../block.js';
import type { Dice } from '../dice.js';

/** The flow that undoes whatever a call has done. */
export const UNDO_FLOW = 'undo1';

/**
 * Lets calls be undone by another flow, now and then, in flows that call; and in the end of these all is undone. By dice of
 * its own, like everything that is put in afterwards.
 */
export function undoCalls(flows: Record<string, Block>, dice: Dice, focus: readonly string[]): Record<string, Block> {
  const isOn = focus.includes('undone-calls') || dice.chance(0.3);
  if (!isOn || !Object.values(flows).some((flow) => allOf(flow).some(isHeard))) return flows;
  const changed = Object.fromEntries(
    Object.entries(flows).map(([name, flow]) => [name, withUndo(flow, dice, name)] as const),
  );
  const task: Block = { kind: 'task', id: `t_${UNDO_FLOW}`, plan: { ...PLAIN, fails: dice.below(2) }, after: null };
  return { ...changed, [UNDO_FLOW]: task };
}

/** Nobody hears what came of the others. */
const isHeard = (block: Block): boolean => block.kind === 'call' && !block.detach;

function withUndo(flow: Block, dice: Dice, name: string): Block {
  const marked = JSON.parse(JSON.stringify(flow), (_, value: unknown) =>
    isBlock(value) && isHeard(value) && dice.chance(0.7) ? { ...value, undo: true } : value,
  ) as Block;
  if (!allOf(marked).some((one) => one.kind === 'call' && one.undo)) return marked;
  if (allOf(marked).some(({ kind }) => kind === 'compensate') && dice.chance(0.5)) return marked;
  const after: Block = { kind: 'compensate', id: `u_${name}`, what: 'all' };
  if (marked.kind === 'fails') return { ...marked, body: { kind: 'seq', blocks: [marked.body, after] } };
  return { kind: 'seq', blocks: [marked, after] };
}

const isBlock = (value: unknown): value is Block => typeof value === 'object' && value !== null && 'kind' in value;

/** A call that says how it is undone. What undoes it is told whom it was about. */
export const undoneByFlow =
  (plain: (id: string) => FlowNode) =>
  (id: string): FlowNode => {
    const given = { receipt: 'input.receipt', salt: 'input.salt', bank: 'input.bank', undone: 'result.instance' };
    const values = Object.entries(given).map(([name, from]) => [name, path(from)] as const);
    return { ...(plain(id) as CallNode), undo: { flow: UNDO_FLOW, in: new Map(values) } };
  };
