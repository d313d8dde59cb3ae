import { isUndo, itemOf, visitOf } from '../../../src/core/definition/work/each.js';
import type { Json } from '../../../src/core/json.js';
import type { NodeView } from '../../../src/engine/ports/views.js';
import type { Block, EachBlock } from '../flow/block.js';
import { isForAPerson, listsIn, planAt } from '../flow/items/each-block.js';
import type { World } from '../world/world.js';
import { personsCalled } from './check-attempts.js';
import { isDone, type Seen, unitOf } from './check-instances.js';

/** What a node with items gives. */
interface Sum {
  readonly _result: boolean;
  readonly total: number;
  readonly done: number;
  readonly yes: number;
  readonly failed: number;
  readonly results?: readonly Json[];
  readonly errors?: readonly { readonly item: number }[];
}

/** I25: a list has come to what its items came to, and each of these to what its plan says. */
export function everyListIsCounted({ scenario: { flows }, history }: World, seen: readonly Seen[]): string[] {
  return seen.flatMap((one) => {
    const { instance, nodes } = one.view;
    return listsIn(flows[instance.flow] as Block).flatMap((list) =>
      nodes
        .filter(({ node, visit }) => node === list.id && itemOf(visit) === null && !isUndo(visit))
        .flatMap((whole) => {
          const items = nodes.filter(
            ({ node, visit }) =>
              node === list.id && (itemOf(visit) ?? -1) >= 0 && !isUndo(visit) && visitOf(visit) === whole.visit,
          );
          const total = history.guards.added.totalOf(instance.id, list.id, whole.visit);
          const wrong = faultsOf(list, whole, items, { ...one, total: list.added ? total : list.items.length }, flows);
          return wrong.map((what) => `${instance.id} ${unitOf(whole)} ${what}`);
        }),
    );
  });
}

function faultsOf(
  list: EachBlock,
  whole: NodeView,
  items: readonly NodeView[],
  { view, cancelled, total }: Seen & { readonly total: number },
  flows: World['scenario']['flows'],
): string[] {
  const wrong: string[] = [];
  const isGood = ({ status, error }: NodeView): boolean => isDone(status) && error === null;
  const hasFailed = ({ status, error }: NodeView): boolean => status === 'done' && error !== null;
  for (const item of items) {
    const never =
      list.flow === null ? planAt(list, itemOf(item.visit) ?? 0)?.never === true : flows[list.flow]?.kind === 'fails';
    const name = `has item ${itemOf(item.visit)} ${item.status}`;
    if (isGood(item) && never) wrong.push(`${name}, which never succeeds`);
    if (item.status === 'incident' && !(never && isForAPerson(list))) wrong.push(`${name}, and no reason for it`);
    const own = view.attempts.filter(({ node, visit }) => node === item.node && visit === item.visit);
    if (hasFailed(item) && list.flow === null && personsCalled(own) === 0)
      wrong.push(`${name} as failed, but it may try again`);
    if (item.status === 'cancelled' && !cancelled && whole.status !== 'done' && whole.status !== 'cancelled')
      wrong.push(`${name}, but nobody has given it up`);
  }
  if (whole.status !== 'done') return wrong;
  if (whole.error !== null) {
    if (list.body === null || list.onError === 'continue') wrong.push('went by a line for errors that it has not');
    if (items.filter(hasFailed).length !== 1)
      wrong.push(`went by its line for ${items.filter(hasFailed).length} items`);
    return wrong;
  }
  return [...wrong, ...faultsOfSum(list, whole.output as unknown as Sum, items, isGood, cancelled, total)];
}

function faultsOfSum(
  { until, rest, collect }: EachBlock,
  sum: Sum,
  items: readonly NodeView[],
  isGood: (item: NodeView) => boolean,
  cut: boolean,
  of: number,
): string[] {
  const wrong: string[] = [];
  const { _result, total, done, yes, failed, results, errors } = sum;
  if (total !== of) wrong.push(`counts ${total} items, not ${of}`);
  const enough = until !== null && sum[until.by] === until.count;
  if (_result !== (until === null || enough)) wrong.push(`says ${_result}, and ${done} of ${total} are done`);
  if (!enough && done + failed !== total) wrong.push(`went on with ${done} done and ${failed} failed of ${total}`);
  if (yes > done) wrong.push(`counts ${yes} with a yes of ${done}`);
  const isDoneNow = items.filter(isGood);
  const gave = isDoneNow.length;
  const goesOn = enough && rest === 'ignore';
  if (goesOn ? gave < done : gave !== done) wrong.push(`counts ${done} as done, but ${gave} are`);
  if (!enough && !cut && items.some(({ status }) => status === 'cancelled'))
    wrong.push('has given up items for nothing');
  if (!collect) return results === undefined ? wrong : [...wrong, 'lists what it was not asked for'];
  const listed = (results ?? []).filter((one) => one !== null).length;
  if (results?.length !== total || listed < done || listed > gave)
    wrong.push(`lists ${listed} of ${results?.length} results, but ${gave} items gave one`);
  for (const item of isDoneNow) {
    const is = results?.[itemOf(item.visit) ?? -1];
    if (is !== null && JSON.stringify(is) !== JSON.stringify(item.output))
      wrong.push(
        `lists ${JSON.stringify(is)} of item ${itemOf(item.visit)}, which gave ${JSON.stringify(item.output)}`,
      );
  }
  if ((errors?.length ?? 0) < failed) wrong.push(`lists ${errors?.length} errors of ${failed}`);
  return wrong;
}
