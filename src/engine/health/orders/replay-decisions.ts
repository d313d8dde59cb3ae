import { withoutGroup } from '../../../core/routing/lane.js';
import { replay, ruleDelayOf } from '../../../core/routing/replay.js';
import type { Rule } from '../../../core/routing/rules.js';
import type { DispatchViews } from '../../operate/delays/dispatch-views.js';
import type { Catalog } from '../../ports/catalog.js';
import type { StoredDispatch } from '../../ports/store.js';
import { routableOf } from './routable-of.js';

/** Examples of each move that are told. */
const SAMPLES = 5;

export interface Sample {
  readonly instance: string;
  readonly flow: string;
  readonly node: string;
  readonly visit: number;
  /** Why it would go there. */
  readonly reason: string;
}

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly samples: readonly Sample[];
}

export interface Replayed {
  readonly looked: number;
  /** The most frequent first. */
  readonly moved: readonly Move[];
  /** Those of which a rule would ask a longer, or a shorter, delay. */
  readonly later: number;
  readonly sooner: number;
}

/** What other rules would have changed about the latest decisions, which are taken as they were stored. */
export async function replayDecisions(
  { views, catalog }: { readonly views: DispatchViews; readonly catalog: Catalog },
  rules: readonly Rule[],
  limit: number,
): Promise<Replayed> {
  const stored = await views.latest(limit);
  const moves = new Map<string, { from: string; to: string; count: number; samples: Sample[] }>();
  let [later, sooner] = [0, 0];
  for (const one of stored) {
    // What is told of it is why nobody was asked, and not why it went where it went.
    if (one.node.receipt?.degraded) continue;
    const decided = await decideAnew(one, catalog, rules);
    const trace = one.node.receipt?.trace ?? [];
    const [before, after] = [ruleDelayOf(trace), ruleDelayOf(decided.trace)];
    later += Number(after > before);
    sooner += Number(after < before);
    const from = withoutGroup(one.node.lane ?? '');
    if (decided.lane === from) continue;
    const move = moves.get(`${from} ${decided.lane}`) ?? { from, to: decided.lane, count: 0, samples: [] };
    moves.set(`${from} ${decided.lane}`, move);
    move.count++;
    const { instance, flow, node } = one;
    if (move.samples.length < SAMPLES)
      move.samples.push({ instance, flow, node: node.node, visit: node.visit, reason: decided.reason });
  }
  const moved = [...moves.values()].sort((a, b) => b.count - a.count);
  return { looked: stored.length, moved, later, sooner };
}

async function decideAnew(one: StoredDispatch, catalog: Catalog, rules: readonly Rule[]) {
  const published = catalog.cached(one.flow, one.version) ?? (await catalog.get(one.flow, one.version));
  const message = routableOf(one, published?.definition.nodes.get(one.node.node));
  return replay(message, one.node.receipt?.trace ?? [], rules);
}
