import { ITEMS_FROM } from '../../core/definition/work/each.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { DeliveryFacts, DeliveryRead, ScopeNeeds } from '../../engine/ports/store.js';
import type { Row, Session, Sql, Value } from '../sql/session.js';
import { nodeOf } from './mappers.js';
import { INPUT, NODE, NODE_ROW, VARIABLE } from './tables.js';

const NODES = { columns: NODE_ROW, table: NODE.name, key: NODE.key };
const INPUTS = { columns: 't.instance, t.input', table: INPUT.name, key: ['instance'] };
const VARS = { columns: 't.instance, t.name, t.value', table: VARIABLE.name, key: ['instance'] };
/** The latest visit that has an output; items of a visit are none. */
const LATEST =
  `t.output IS NOT NULL AND t.visit < ${ITEMS_FROM} AND NOT EXISTS (SELECT 1 FROM node_instance later WHERE ` +
  'later.instance = t.instance AND later.node = t.node AND later.visit > t.visit ' +
  `AND later.visit < ${ITEMS_FROM} AND later.output IS NOT NULL)`;
const OUTPUTS = { columns: 't.instance, t.node, t.output', table: NODE.name, key: ['instance'], where: LATEST };
const OUTPUTS_OF = { ...OUTPUTS, key: ['instance', 'node'] };

/** Reads what deliveries need before a handler runs. Statements only for what somebody needs. */
export function read(
  sql: Sql,
  deliveries: readonly DeliveryRead[],
): Promise<{ now: number; facts: readonly DeliveryFacts[] }> {
  return sql.reading(async (session) => {
    const now = await session.now();
    const nodes = new Map<string, Row>();
    for (const row of await session.find(
      NODES,
      deliveries.map(({ instance, node, visit }) => [instance, node, visit]),
    )) {
      nodes.set(`${row['instance']}.${row['node']}.${row['visit']}`, row);
    }
    const inputs = await inputsOf(
      session,
      asking(deliveries, (needs) => needs.input),
    );
    const vars = await varsOf(
      session,
      asking(deliveries, (needs) => needs.vars),
    );
    const outputs = await outputsOf(session, deliveries);
    const facts = deliveries.map(({ instance, node, visit, needs }): DeliveryFacts => {
      const row = nodes.get(`${instance}.${node}.${visit}`);
      return {
        node: row === undefined ? null : nodeOf(row),
        input: needs?.input ? parsed(inputs.get(instance)) : {},
        vars: needs?.vars ? object(vars.get(instance) ?? []) : {},
        outputs: needs === null ? {} : object(wanted(outputs.get(instance) ?? [], needs)),
      };
    });
    return { now, facts };
  });
}

/** Name and JSON text. */
type Named = readonly [string, string];

async function inputsOf(session: Session, keys: Value[][]): Promise<Map<string, string>> {
  const rows = await session.find(INPUTS, keys);
  return new Map(rows.map((row) => [String(row['instance']), String(row['input'])]));
}

async function varsOf(session: Session, keys: Value[][]): Promise<Map<string, Named[]>> {
  return grouped(await session.find(VARS, keys), 'name', 'value');
}

async function outputsOf(session: Session, deliveries: readonly DeliveryRead[]): Promise<Map<string, Named[]>> {
  const all = asking(deliveries, (needs) => needs.outputs === 'all');
  const whole = new Set(all.map(([instance]) => instance));
  const some = new Map<string, Value[]>();
  for (const { instance, needs } of deliveries) {
    if (needs === null || needs.outputs === 'all' || whole.has(instance)) continue;
    for (const node of needs.outputs) some.set(`${instance} ${node}`, [instance, node]);
  }
  const rows = [...(await session.find(OUTPUTS, all)), ...(await session.find(OUTPUTS_OF, [...some.values()]))];
  return grouped(rows, 'node', 'output');
}

/** Instances of the deliveries that need something, each once. */
function asking(deliveries: readonly DeliveryRead[], need: (needs: ScopeNeeds) => boolean): Value[][] {
  const ids = new Set<string>();
  for (const { instance, needs } of deliveries) if (needs !== null && need(needs)) ids.add(instance);
  return [...ids].map((id) => [id]);
}

function grouped(rows: readonly Row[], name: string, value: string): Map<string, Named[]> {
  const groups = new Map<string, Named[]>();
  for (const row of rows) {
    const id = String(row['instance']);
    const group = groups.get(id) ?? [];
    group.push([String(row[name]), String(row[value])]);
    groups.set(id, group);
  }
  return groups;
}

function wanted(outputs: readonly Named[], needs: ScopeNeeds): readonly Named[] {
  const { outputs: names } = needs;
  return names === 'all' ? outputs : outputs.filter(([node]) => names.includes(node));
}

const parsed = (text: string | undefined): JsonObject => (text === undefined ? {} : (JSON.parse(text) as JsonObject));

/** Parsed once per delivery: what a handler does to its input is seen by no other. */
const object = (pairs: readonly Named[]): Record<string, Json> =>
  Object.fromEntries(pairs.map(([name, text]) => [name, JSON.parse(text) as Json]));
