import { canonical } from '../../definition/compare/compare.js';
import { type Definition, hasOutput } from '../../definition/definition.js';
import { graphOf } from '../../definition/graph.js';
import { visitOf } from '../../definition/work/each.js';
import type { Json, JsonObject } from '../../json.js';
import { err, ok, type Result } from '../../result.js';
import { wasDone } from '../instance.js';
import { isObject, pick } from '../walk/facts.js';
import type { Obstacle, WholeInstance } from './whole-instance.js';

/** What the expressions of the new version read, out of everything that is stored. */
export function factsIn(from: Definition, to: Definition, whole: WholeInstance): Result<JsonObject, Obstacle> {
  const { reads } = graphOf(to);
  const known = whole.instance.state.facts;
  const facts: Record<string, Json> = {};
  const learn = (name: string, value: Json): void => {
    const read = reads.get(name);
    if (read) facts[name] = pick(value, read);
  };
  learn('input', whole.input);
  if (Object.keys(whole.vars).length > 0) learn('vars', whole.vars);
  for (const [node, output] of latestOutputs(from, whole)) learn(node, output);
  // What has failed, or ran out, has said so: it reads as null.
  for (const [name, value] of Object.entries(known)) if (value === null && reads.has(name)) facts[name] = null;
  for (const [name, value] of Object.entries(known)) {
    if (!name.includes('#')) continue;
    const kept = keptIn(from, to, whole, name, value);
    if (!kept.ok) return kept;
    facts[name] = kept.value;
  }
  return ok(facts);
}

function latestOutputs(from: Definition, { nodes }: WholeInstance): ReadonlyMap<string, Json> {
  const latest = new Map<string, { visit: number; output: Json }>();
  for (const { node, visit, status, output } of nodes) {
    const of = from.nodes.get(node);
    const gives = of !== undefined && (hasOutput(of.kind) || (of.kind === 'gateway' && of.split !== undefined));
    // Items, and the list of them, have numbers of their own.
    const isItem = visitOf(visit) !== visit;
    if (gives && !isItem && wasDone(status) && visit > (latest.get(node)?.visit ?? 0))
      latest.set(node, { visit, output });
  }
  return new Map([...latest].map(([node, { output }]) => [node, output]));
}

/** What is kept for one node instance. Of a result only that was kept which the old version read. */
function keptIn(
  from: Definition,
  to: Definition,
  whole: WholeInstance,
  name: string,
  value: Json,
): Result<Json, Obstacle> {
  if (!isObject(value) || value['result'] === undefined) return ok(value);
  const [before, after] = [graphOf(from).reads.get('result'), graphOf(to).reads.get('result')];
  if (canonical(shapeOf(before)) === canonical(shapeOf(after))) return ok(value);
  const row = whole.nodes.find(({ node, visit }) => `${node}#${visit}` === name);
  const source = whole.nodes.find(({ node, visit }) => node === row?.cause?.node && visit === row.cause.visit);
  if (source?.status === 'done' && after) return ok({ ...value, result: pick(source.output, after) });
  if (!after) return ok(value);
  const [node = name, visit] = name.split('#');
  const message = `Expected all of the result that '${node}' was left with, but only what the old version reads was kept.`;
  return err({ node, visit: Number(visit), code: 'RESULT_GONE', message });
}

function shapeOf(reads: ReturnType<ReturnType<typeof graphOf>['reads']['get']>): unknown {
  return reads && [reads.whole, [...reads.members].map(([name, below]) => [name, shapeOf(below)]).sort()];
}
