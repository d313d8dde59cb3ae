import type { Definition } from '../../definition/definition.js';
import { graphOf } from '../../definition/graph.js';
import { synchronises } from '../../definition/repeatable.js';
import { initialVars, whyNotWritten } from '../../definition/starting/variables.js';
import { visitOf } from '../../definition/work/each.js';
import type { JsonObject } from '../../json.js';
import { err, ok, type Result } from '../../result.js';
import { type Instance, isActive, isOver, type NodeInstance } from '../instance.js';
import { isObject } from '../walk/facts.js';
import { type EdgeMap, edgeMap } from './edge-map.js';
import { factsIn } from './facts-in.js';
import { nodeObstacle } from './node-obstacle.js';
import type { Obstacle, WholeInstance } from './whole-instance.js';

/** What is written of an instance that goes on in another version. */
export interface Migrated {
  readonly instance: Instance;
  /** Rows whose edges have other numbers now. */
  readonly nodes: readonly NodeInstance[];
  /** What the new version declares with a value, and nobody has written yet. */
  readonly vars: JsonObject;
}

/**
 * An instance as it goes on in another version of its flow, or everything that stands in the way. Nodes map by their id;
 * what is active keeps its attempts, its times and what it waits for, and is left by the lines of the new version.
 */
export function migrate(
  from: Definition,
  to: Definition,
  whole: WholeInstance,
  { at, by }: { readonly at: number; readonly by: string },
): Result<Migrated, readonly Obstacle[]> {
  const { instance } = whole;
  const refused = instanceObstacle(instance, to);
  if (refused) return err([refused]);
  const active = whole.nodes.filter(({ status }) => isActive(status));
  const edges = edgeMap(from, to);
  const obstacles = [
    ...active.flatMap((row) => nodeObstacle(from, to, row) ?? []),
    ...arrivalObstacles(from, to, instance, edges),
    ...visitObstacles(to, whole, edges),
    ...undoObstacles(to, instance),
    ...variableObstacles(to, whole),
  ];
  if (obstacles.length > 0) return err(obstacles);
  const missing = Object.entries(initialVars(to)).filter(([name]) => !Object.hasOwn(whole.vars, name));
  const vars = Object.fromEntries(missing);
  const facts = factsIn(from, to, { ...whole, vars: { ...whole.vars, ...vars } });
  if (!facts.ok) return err([facts.error]);
  const { state } = instance;
  const moved = [...(state.moved ?? []), { from: instance.version, to: to.version, at, by }];
  return ok({
    vars,
    instance: {
      ...instance,
      version: to.version,
      seq: instance.seq + 1,
      state: {
        ...state,
        arrivals: renumbered(state.arrivals, edges),
        absorbing: absorbingIn(state.absorbing, to, edges),
        visits: visitsIn(to, whole),
        facts: facts.value,
        moved,
      },
    },
    nodes: whole.nodes.flatMap(({ output: _, ...row }) => {
      const via = row.via.flatMap((edge) => edges.get(edge) ?? []);
      return via.length === row.via.length && via.every((edge, index) => edge === row.via[index])
        ? []
        : [{ ...row, via }];
    }),
  });
}

function instanceObstacle({ status, version }: Instance, to: Definition): Obstacle | null {
  const whole = { node: null, visit: null };
  if (isOver(status))
    return { ...whole, code: 'OVER', message: `Expected an instance that is not over, but it is ${status}.` };
  if (status === 'compensating') {
    const message = 'Expected an instance that goes forward, but it is undoing what it did. Wait for its end.';
    return { ...whole, code: 'COMPENSATING', message };
  }
  if (version !== to.version) return null;
  return {
    ...whole,
    code: 'SAME_VERSION',
    message: `Expected another version, but it is in version ${version} already.`,
  };
}

/** What has come to a join waits there by the number of its edge, so that edge and the join must still be there. */
function arrivalObstacles(from: Definition, to: Definition, { state }: Instance, edges: EdgeMap): Obstacle[] {
  return Object.keys(state.arrivals).flatMap((key): Obstacle[] => {
    const old = from.edges[Number(key)];
    if (!old) return [];
    const target = to.nodes.get(old.to);
    if (edges.has(old.index) && target && synchronises(target)) return [];
    const message = `Expected an edge ${old.from} -> ${old.to} into a join, as something has come along it, but there is none.`;
    return [{ node: old.to, visit: null, code: 'ARRIVAL_LOST', message }];
  });
}

/** A node that is visited once at most has no count; if the new version led to it again, it would be its first visit twice. */
function visitObstacles(to: Definition, { instance, nodes }: WholeInstance, edges: EdgeMap): Obstacle[] {
  const { repeatable } = graphOf(to);
  const visited = new Set(nodes.map(({ node }) => node).filter((id) => to.nodes.has(id) && !repeatable.has(id)));
  const open = nodes.filter(({ status }) => isActive(status)).map(({ node }) => node);
  for (const key of Object.keys(instance.state.arrivals)) {
    const edge = to.edges[edges.get(Number(key)) ?? -1];
    if (edge) open.push(edge.from);
  }
  const ahead = new Set<string>();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const edge of to.edges) {
      if (edge.from !== at || ahead.has(edge.to)) continue;
      ahead.add(edge.to);
      open.push(edge.to);
    }
  }
  const waits = new Set(Object.keys(instance.state.arrivals).map((key) => to.edges[edges.get(Number(key)) ?? -1]?.to));
  return [...visited].flatMap((node): Obstacle[] => {
    if (!ahead.has(node) || waits.has(node)) return [];
    const message = `Expected a node that lies behind, but '${node}' was visited, and the new version leads to it again.`;
    return [{ node, visit: null, code: 'VISITED_AGAIN', message }];
  });
}

/** What can be undone is kept by node and visit; the new version must still say how. */
function undoObstacles(to: Definition, { state }: Instance): Obstacle[] {
  // A member of an output may have any name; what is kept for the engine has a `#` in its name.
  const kept = Object.entries(state.facts).flatMap(([name, value]) =>
    name.includes('#') && isObject(value) ? [value] : [],
  );
  const refs = kept.flatMap(({ done, left }) => [done, left].flatMap((list) => (Array.isArray(list) ? list : [])));
  const nodes = new Set(refs.filter(isObject).map(({ node }) => String(node)));
  return [...nodes].flatMap((node): Obstacle[] => {
    const task = to.nodes.get(node);
    if ((task?.kind === 'task' || task?.kind === 'call') && task.undo) return [];
    const message = `Expected '${node}' to say how it is undone, as what it did may have to be, but the new version does not.`;
    return [{ node, visit: null, code: 'UNDO_GONE', message }];
  });
}

/** What was written stays as it is, so it must be what the new version allows. What it does not declare is read by nobody. */
function variableObstacles(to: Definition, { vars }: WholeInstance): Obstacle[] {
  return Object.entries(vars).flatMap(([name, value]): Obstacle[] => {
    const unfit = to.vars?.has(name) ? whyNotWritten(to, name, value) : null;
    if (unfit === null) return [];
    const message = `Expected 'vars.${name}' to be what the new version allows, but it was written otherwise: ${unfit}.`;
    return [{ node: null, visit: null, code: 'VARIABLE_DOES_NOT_FIT', message }];
  });
}

/** Nodes that can be visited several times are counted, also those that could not before. */
function visitsIn(to: Definition, { nodes }: WholeInstance): Readonly<Record<string, number>> {
  const visits: Record<string, number> = {};
  for (const { node, visit } of nodes) {
    if (graphOf(to).repeatable.has(node)) visits[node] = Math.max(visits[node] ?? 0, visitOf(visit));
  }
  return visits;
}

function renumbered(arrivals: Readonly<Record<number, number>>, edges: EdgeMap): Record<number, number> {
  return Object.fromEntries(
    Object.entries(arrivals).map(([key, count]) => [edges.get(Number(key)) ?? Number(key), count]),
  );
}

function absorbingIn(
  absorbing: Instance['state']['absorbing'],
  to: Definition,
  edges: EdgeMap,
): Instance['state']['absorbing'] {
  const kept = Object.entries(absorbing).filter(([node]) => to.nodes.has(node));
  return Object.fromEntries(kept.map(([node, seen]) => [node, seen.flatMap((edge) => edges.get(edge) ?? [])]));
}
