import type { TaskNode } from '../../../../core/definition/definition.js';
import type { EveryNode } from '../../../../core/definition/nodes/every-node.js';
import type { CircuitRule } from '../../../../core/definition/work/bound.js';
import type { JsonObject } from '../../../../core/json.js';
import { entryOf } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';
import { readReturns } from '../../top/read-types.js';
import type { NodeReader } from '../node-reader.js';
import { milliseconds, retryFrom, type TaskDefaults } from '../task-defaults.js';
import { buildBounds } from './build-bounds.js';
import { batchOf, buildCache } from './build-cache.js';
import { buildDelay } from './build-delay.js';
import { dimensionOf } from './build-dimension.js';
import { buildFallback } from './build-fallback.js';
import { buildUndo } from './build-undo.js';

/** What is of a task alone: its handler, what goes there and comes back, how it is tried, bound and undone. */
export function buildTask(handler: string, read: NodeReader, defaults: TaskDefaults): Omit<TaskNode, keyof EveryNode> {
  const { report, tree } = read;
  const dimension = (key: string, role: NodeExpression['role']): CircuitRule | null =>
    read.part(key, (written) => dimensionOf(written, role, report));
  const timeout = read.get('timeout') as string | undefined;
  const bounds = read.take(
    buildBounds(tree, (key) => dimension(key, 'in'), report),
    () => [],
  );
  const [own, each] = [read.values('in'), read.each()];
  const cache = read.part('cache', (written) => buildCache(written, report));
  const delay = read.part('delay', (written) => buildDelay(written, report));
  const instead = read.part('circuit', (written) => buildFallback(written, report));
  const undo = read.part('undo', (written) => buildUndo(written, own, each.each?.as, report, 'task', read.secrets));
  const returns = readReturns(entryOf(tree, 'returns')?.value, report);
  return {
    kind: 'task',
    handler,
    in: own,
    with: (read.get('with') as JsonObject | undefined) ?? null,
    out: read.values('out'),
    retry: retryFrom(read.get('retry'), defaults.retry),
    timeoutMs: timeout === undefined ? defaults.timeoutMs : milliseconds(timeout),
    circuit: dimension('circuit', 'circuit'),
    ...instead,
    ...bounds,
    ...(read.get('remote') === true && { remote: true }),
    ...(read.get('lease') === true && { lease: true as const }),
    ...(cache && { cache }),
    ...batchOf(tree),
    ...(delay && { delay }),
    ...each,
    ...(undo && { undo }),
    ...(returns && { returns: returns.type }),
    ...read.secrets?.taken(),
  };
}
