import { ITEMS_FROM } from '../../core/definition/work/each.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { DeliveryFacts, DeliveryRead, ScopeNeeds } from '../../engine/ports/store.js';
import { copy, type MemoryRows } from '../memory-store-rows.js';

/** What one delivery needs before its handler runs. */
export function read(rows: MemoryRows, delivery: DeliveryRead): DeliveryFacts {
  const { instance, needs } = delivery;
  const entry = rows.entry(delivery);
  return {
    node: entry === undefined ? null : copy(entry.node),
    input: needs?.input ? (JSON.parse(rows.inputs.get(instance) ?? '{}') as JsonObject) : {},
    vars: needs?.vars ? varsOf(rows, instance) : {},
    outputs: needs === null ? {} : latest(rows, instance, needs),
  };
}

export function varsOf(rows: MemoryRows, instance: string): JsonObject {
  const vars = [...(rows.vars.get(instance) ?? [])];
  return Object.fromEntries(vars.map(([name, value]) => [name, JSON.parse(value) as Json]));
}

function latest(rows: MemoryRows, instance: string, needs: ScopeNeeds): Record<string, Json> {
  const outputs: Record<string, Json> = {};
  const visits = new Map<string, number>();
  for (const { node, output } of rows.entriesOf(instance)) {
    if (output === null || node.visit >= ITEMS_FROM || (needs.outputs !== 'all' && !needs.outputs.includes(node.node)))
      continue;
    if ((visits.get(node.node) ?? 0) > node.visit) continue;
    visits.set(node.node, node.visit);
    outputs[node.node] = JSON.parse(output) as Json;
  }
  return outputs;
}
