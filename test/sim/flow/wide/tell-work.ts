import type { Json } from '../../../../src/core/json.js';
import { type Said, tellRules } from './rules/tell-rules.js';
import { Steps } from './steps/tell-steps.js';
import { canonical, nodeOf, partAnswer, type WorkBlock } from './wide-block.js';

/** What a visit to a node of work comes to. */
export interface WorkTold {
  /** Attempts that fail before it. */
  readonly fails: number;
  /** What it gives in the end; `null`: it is doomed. */
  readonly shown: string | null;
  /** How often each part is asked when nothing else goes wrong. */
  readonly asks: Readonly<Record<string, number>>;
}

/** More attempts than any plan needs. */
const MOST = 12;

/** Goes through it attempt by attempt, each with what the earlier ones have left. */
export function tellWork(block: WorkBlock, visit: number, salt: string): WorkTold {
  const { does } = block;
  const asks: Record<string, number> = {};
  const said: Said = new Map();
  const steps = does.kind === 'steps' ? new Steps(does, { salt }) : null;
  for (let attempt = 1; attempt < MOST; attempt++) {
    const ask = (part: string, plan: { fails: number; broken?: true }, given: Json): string | null => {
      asks[part] = (asks[part] ?? 0) + 1;
      return plan.broken || attempt <= plan.fails ? null : partAnswer(nodeOf(block), visit, part, given);
    };
    const given = does.kind === 'rules' ? tellRules(does, said, salt, ask) : (steps?.attempt(ask) ?? null);
    if (given !== null) return { fails: attempt - 1, shown: canonical(given), asks };
    if (does.doomed) return { fails: attempt, shown: null, asks };
  }
  throw new Error(`Expected '${block.id}' to come to an end, but it has failed ${MOST} times.`);
}
