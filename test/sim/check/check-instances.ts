import type { JoinRule } from '../../../src/core/definition/control/control.js';
import type { Definition, FlowNode } from '../../../src/core/definition/definition.js';
import { ITEMS_FROM, shownVisit } from '../../../src/core/definition/work/each.js';
import { isOver } from '../../../src/core/flow/instance.js';
import type { Json } from '../../../src/core/json.js';
import type { InstanceView, NodeView } from '../../../src/engine/ports/views.js';
import type { Block } from '../flow/block.js';
import { type Choices, DETACHED, type Told, tell } from '../flow/oracle.js';
import { workShown, worksIn } from '../flow/wide/shown.js';
import { canonical } from '../flow/wide/wide-block.js';
import type { World } from '../world/world.js';

/** One instance as it is stored, beside what must have happened to it. */
export interface Seen {
  readonly view: InstanceView;
  readonly told: Told;
  /** An operator may have cut it short, or an end that is a failure. */
  readonly cancelled: boolean;
}

/** A visit, or an item of one, by its name: `pay.2`, `pay.2.5`. */
export const unitOf = ({ node, visit }: Pick<NodeView, 'node' | 'visit'>): string => `${node}.${shownVisit(visit)}`;

/** What is undone was done. */
export const isDone = (status: string): boolean => status === 'done' || status === 'compensated';
const CAME: readonly string[] = ['done', 'compensated', 'skipped'];

/** What only time could decide, as it is stored. */
function choicesOf({ nodes, instance: { id: own, flow, version } }: InstanceView, world: World): Choices {
  const { definitions, versions, history } = world;
  const rows = new Map(nodes.map((row) => [unitOf(row), row]));
  return {
    cameTo: (id, visit) => history.guards.added.cameTo(own, id, visit).flatMap(({ texts }) => texts),
    prize: () => world.plays.prizeOf(own),
    entered: (id, visit) => rows.has(`${id}.${visit}`),
    gave: (unit) => rows.get(unit)?.output != null,
    undone: (unit) => rows.get(`${unit}.undo`)?.status === 'done',
    came: (id, visit) => CAME.includes(rows.get(`${id}.${visit}`)?.status ?? 'ready'),
    strikes: (host) =>
      nodes
        .filter(({ node, status }) => node.startsWith(`${host}@`) && status === 'done')
        .map((guard) => visitUnder(guard, host, nodes)),
    arm: (id, visit) => {
      const { status = 'none', output = null } = rows.get(`${id}.${visit}`) ?? {};
      return isDone(status) ? (output as { arm: string | null }).arm : undefined;
    },
    degraded: (unit) => rows.get(unit)?.receipt?.degraded === true && isDone(rows.get(unit)?.status ?? 'none'),
    skipped: (id, visit) => rows.get(`${id}.${visit}`)?.status === 'skipped',
    winners: (join, visit) => {
      // Branches are counted as they were drawn; each has an end of its own.
      const ends = (definitions.get(flow)?.edges ?? []).filter(({ to }) => to === join).map(({ from }) => from);
      const edges = versions.at(flow, version)?.edges ?? [];
      return rows.get(`${join}.${visit}`)?.via.map((edge) => ends.indexOf(edges[edge]?.from ?? '')) ?? null;
    },
    byError: (id, visit) => rows.get(`${id}.${visit}`)?.status === 'done' && rows.get(`${id}.${visit}`)?.error != null,
    item: (id, visit, item) => {
      const { status = 'none', error = null } = rows.get(`${id}.${visit}.${item}`) ?? {};
      if (isDone(status)) return error === null ? 'done' : 'failed';
      return status === 'incident' || status === 'cancelled' || status === 'none' ? status : 'open';
    },
    ranOut: (id, visit) => {
      const row = rows.get(`${id}.${visit}`);
      return row?.status === 'done' ? row.error?.code === 'TIMEOUT' : null;
    },
    called: (id, visit) => {
      const row = rows.get(`${id}.${visit}`);
      if (row && isDone(row.status)) return row.error === null ? 'through' : 'by-error';
      return row?.status === 'incident' ? 'stuck' : 'held';
    },
  };
}

/**
 * The visit at whose border something stands. Its own number is another one once the instance has moved: it is counted by a
 * name that has the number of its edge. Both were opened by the same word; several visits that one word has opened are of one version.
 */
function visitUnder(guard: NodeView, host: string, nodes: readonly NodeView[]): number {
  const isSibling = ({ node, cause }: NodeView): boolean =>
    node === host && cause?.node === guard.cause?.node && cause?.visit === guard.cause?.visit;
  const [first, ...more] = nodes.filter(isSibling);
  return first && more.length === 0 ? first.visit : guard.visit;
}

export async function see(world: World): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const id of world.history.courses.keys()) {
    const view = await world.opened.views.instance(id);
    if (view === null) continue;
    const block = world.scenario.flows[view.instance.flow] as Block;
    const choices = choicesOf(view, world);
    const told = tell(block, String(view.input['salt']), String(view.input['receipt']), choices);
    seen.push({ view, told, cancelled: view.instance.status === 'cancelled' || view.instance.status === 'failed' });
  }
  return seen;
}

/** I1: every accepted start has exactly one instance. */
export function everyStartHasOne(world: World, seen: readonly Seen[]): string[] {
  const known = new Map(seen.map(({ view }) => [view.instance.id, view]));
  const own = seen.filter(({ view }) => view.instance.state.caller === undefined);
  const wrong: string[] = [];
  if (known.size !== world.history.courses.size)
    wrong.push(`${world.history.courses.size} instances were committed, ${known.size} are stored`);
  for (const { plan, told, refusal } of world.clients) {
    if (refusal !== null && plan.play === undefined) wrong.push(`${plan.receipt} was refused: ${refusal}`);
    const ids = new Set(told);
    if (ids.size > 1) wrong.push(`${plan.receipt} was told of ${[...ids].join(' and ')}`);
    for (const id of ids) if (!known.has(id)) wrong.push(`${plan.receipt} was told of ${id}, which is not stored`);
    // Of those who play, the check of plays tells.
    if (plan.play !== undefined) continue;
    if (plan.key === null) {
      const count = own.filter(({ view }) => view.input['receipt'] === plan.receipt).length;
      if (count !== 1) wrong.push(`${plan.receipt} has ${count} instances`);
    } else if (!seen.some(({ view: { instance } }) => instance.flow === plan.flow && instance.key === plan.key))
      wrong.push(`${plan.receipt} has no instance of its key ${plan.key}`);
  }
  const receipts = new Set(own.map(({ view }) => view.input['receipt']));
  if (receipts.size !== own.length) wrong.push(`${own.length} instances come from ${receipts.size} starts`);
  return [...wrong, ...overlapping(world)];
}

/** Of one business key, at most one instance lives at a time. */
function overlapping(world: World): string[] {
  const wrong: string[] = [];
  const courses = [...world.history.courses.values()].filter(({ instance }) => instance.key !== null);
  for (const [at, { instance, ended }] of courses.entries())
    for (const later of courses.slice(at + 1))
      if (later.instance.flow === instance.flow && later.instance.key === instance.key)
        if (ended === null || ended > later.began)
          wrong.push(`${instance.id} and ${later.instance.id} live with the same key ${instance.key}`);
  return wrong;
}

/** I2: every instance is over, or has the incidents that its plan explains. */
export function everyOneIsOver(world: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  for (const { view, told, cancelled } of seen) {
    const { id, status, outcome } = view.instance;
    if (world.cancelled.has(id) && !isOver(status)) wrong.push(`${id} was cancelled, but is ${status}`);
    if (cancelled) {
      if (view.incidents.length > 0) wrong.push(`${id} is ${status} with open incidents`);
      if (status === 'failed' && told.outcome !== outcome)
        wrong.push(`${id} has failed with ${outcome}, not ${told.outcome}`);
      continue;
    }
    const goesOn = told.held.length > 0 ? 'running' : 'completed';
    const [wanted, end] = [told.stuck.length > 0 ? 'incident' : goesOn, told.outcome];
    if (status !== wanted || outcome !== end)
      wrong.push(`${id} is ${status} with outcome ${outcome}, not ${wanted} with ${end}`);
    const open = view.incidents.map(unitOf).sort();
    if (`${open}` !== `${[...told.stuck].sort()}`) wrong.push(`${id} has the incidents [${open}], not [${told.stuck}]`);
  }
  return wrong;
}

/** I7: the nodes visited are those that the oracle tells. */
export function everyVisitIsTold(_: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  for (const { view, told, cancelled } of seen) {
    const visits: Record<string, number> = {};
    const ordinary = view.nodes.filter(({ node, visit }) => visit < ITEMS_FROM && !node.includes('@'));
    for (const { node, visit } of ordinary) visits[node] = Math.max(visits[node] ?? 0, visit);
    const rows = new Set(ordinary.map(unitOf));
    const total = Object.values(visits).reduce((sum, count) => sum + count, 0);
    if (rows.size !== ordinary.length || total !== rows.size) wrong.push(`${view.instance.id} has gaps in its visits`);
    for (const node of new Set([...Object.keys(visits), ...Object.keys(told.visits)])) {
      const [is, should] = [visits[node] ?? 0, told.visits[node] ?? 0];
      if (cancelled ? is > should : is !== should)
        wrong.push(`${view.instance.id} visited ${node} ${is} times, not ${should}`);
    }
  }
  return wrong;
}

/** I8: a join was entered by as many edges as it asks for, each once. */
export function everyJoinHadEnough(world: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  for (const { view } of seen) {
    const definition = world.definitions.get(view.instance.flow);
    for (const { node, visit, via } of view.nodes) {
      const rule = definition?.nodes.get(node)?.join;
      if (!definition || !rule) continue;
      const incoming = definition.edges.filter(({ to }) => to === node).length;
      const distinct = new Set(via).size;
      if (distinct !== via.length || !enough(rule, distinct, incoming))
        wrong.push(`${view.instance.id} entered ${node}.${visit} by [${via}] of ${incoming} edges`);
    }
  }
  return wrong;
}

const enough = (rule: JoinRule, edges: number, incoming: number): boolean =>
  rule.type === 'all'
    ? edges === incoming
    : rule.type === 'arrivals'
      ? edges === 1
      : rule.type === 'count'
        ? edges === rule.count
        : edges >= 1;

const isWholeList = (node: FlowNode | undefined, visit: number): boolean =>
  node !== undefined && 'each' in node && node.each !== undefined && visit < ITEMS_FROM;

/** Of a task or a message its value; of a call the end of what it called, if it was waited for. */
function shownAs(output: Json): string {
  const { value, outcome, instance } = output as { value?: string; outcome?: string; instance?: string };
  return value ?? outcome ?? (instance === undefined ? JSON.stringify(output) : DETACHED);
}

/** I9: outputs and variables are the oracle's. */
export function everyValueIsTold(world: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  for (const { view, told, cancelled } of seen) {
    const { id } = view.instance;
    const outputs = new Map<string, string>();
    const works = worksIn(world.scenario.flows[view.instance.flow] as Block);
    const { nodes } = world.definitions.get(view.instance.flow) as Definition;
    for (const row of view.nodes) {
      const { node, visit, status, output } = row;
      // What a list gives as a whole is judged by itself.
      if (!isDone(status) || output === null || node.includes('@') || isWholeList(nodes.get(node), visit)) continue;
      const work = works.get(node);
      const value = work ? workShown(work, row) : shownAs(output);
      if (value === null) continue;
      outputs.set(unitOf(row), value);
      const should = told.outputs[unitOf(row)];
      if (value !== should) wrong.push(`${id} ${unitOf(row)} gave ${value}, not ${should}`);
    }
    if (cancelled) continue;
    if (outputs.size !== Object.keys(told.outputs).length) wrong.push(`${id} lacks outputs`);
    const names = new Set([...Object.keys(view.vars), ...Object.keys(told.vars)]);
    // What branches write apart is nobody's yet.
    for (const name of [...names].filter((one) => !one.includes('@')))
      if (canonical(view.vars[name]) !== canonical(told.vars[name]))
        wrong.push(`${id} has ${name} = ${canonical(view.vars[name])}, not ${canonical(told.vars[name])}`);
  }
  return wrong;
}
