import type { JsonObject } from '../../../src/core/json.js';
import type { Block, TaskBlock } from './block.js';
import { fingerprint } from './dice.js';

/** What must have happened to an instance when all is quiet: told from the blocks, without edges, arrivals or events. */
export interface Told {
  /** How many times each node is entered. */
  readonly visits: Readonly<Record<string, number>>;
  /** Failed attempts by `node.visit`, of tasks that are done. */
  readonly fails: Readonly<Record<string, number>>;
  /** Outputs by `node.visit`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly vars: JsonObject;
  /** Task visits that stay incidents. */
  readonly stuck: readonly string[];
  readonly finished: boolean;
}

/** The value that a partner gives for a task: what it was asked, folded into a short text. */
export const answerOf = (id: string, visit: number, salt: string | null, before: string | null): string =>
  fingerprint(`${id}.${visit}:${salt}:${before}`);

export function tell(block: Block, salt: string): Told {
  const visits: Record<string, number> = { begin: 1 };
  const fails: Record<string, number> = {};
  const outputs: Record<string, string> = {};
  const latest: Record<string, string> = {};
  const vars: JsonObject & Record<string, string | number> = {};
  const stuck: string[] = [];
  const enter = (id: string): number => {
    const visit = (visits[id] ?? 0) + 1;
    visits[id] = visit;
    return visit;
  };

  const perform = ({ id, plan, after }: TaskBlock): boolean => {
    const visit = enter(id);
    if (plan.never) {
      stuck.push(`${id}.${visit}`);
      return false;
    }
    const reads = plan.reads !== 'nothing';
    const value = answerOf(id, visit, reads ? salt : null, reads && after !== null ? (latest[after] ?? null) : null);
    fails[`${id}.${visit}`] = plan.fails;
    outputs[`${id}.${visit}`] = value;
    latest[id] = value;
    if (plan.writes) vars[`v_${id}`] = value;
    return true;
  };

  /** Answers whether it came through. */
  const walk = (at: Block): boolean => {
    switch (at.kind) {
      case 'task':
        return perform(at);
      case 'timer':
        enter(at.id);
        return true;
      case 'seq':
        return at.blocks.every(walk);
      case 'catch':
        fails[`${at.id}_try.${enter(`${at.id}_try`)}`] = 1;
        return walk(at.body) && enter(`${at.id}_merge`) > 0;
      case 'xor':
        enter(`${at.id}_split`);
        return walk(at.branches[at.pick] as Block) && enter(`${at.id}_merge`) > 0;
      case 'and':
      case 'race': {
        enter(`${at.id}_split`);
        const through = at.branches.map(walk).filter(Boolean).length;
        const wanted = at.kind === 'and' ? at.branches.length : at.count;
        return through >= wanted && enter(`${at.id}_join`) > 0;
      }
      case 'or': {
        enter(`${at.id}_split`);
        const picks = at.picks.length > 0 ? at.picks : [at.branches.length - 1];
        const through = picks.map((pick) => walk(at.branches[pick] as Block));
        return through.every(Boolean) && enter(`${at.id}_join`) > 0;
      }
      case 'loop':
        enter(`${at.id}_zero`);
        vars[at.id] = 0;
        for (let round = 1; round <= at.times; round++) {
          enter(`${at.id}_next`);
          vars[at.id] = round;
          if (!walk(at.body)) return false;
          enter(`${at.id}_again`);
        }
        return true;
    }
  };
  const finished = walk(block) && enter('done') > 0;
  return { visits, fails, outputs, vars, stuck, finished };
}
