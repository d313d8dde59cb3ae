import type { NodeRef } from '../../core/flow/event.js';
import { nodesOf, type Pending } from './pending.js';

export function groupByInstance(batch: readonly Pending[]): Map<string, Pending[]> {
  const groups = new Map<string, Pending[]>();
  for (const pending of batch) {
    const group = groups.get(pending.instance);
    if (group) group.push(pending);
    else groups.set(pending.instance, [pending]);
  }
  return groups;
}

/** The node rows that the events of each instance need to see. */
export function wantedOf(groups: ReadonlyMap<string, readonly Pending[]>): Map<string, readonly NodeRef[]> {
  const wanted = new Map<string, readonly NodeRef[]>();
  for (const [instance, events] of groups) {
    const [first] = events;
    const one = first !== undefined && events.length === 1;
    wanted.set(instance, distinct(one ? nodesOf(first.event) : events.flatMap(({ event }) => nodesOf(event))));
  }
  return wanted;
}

function distinct(refs: readonly NodeRef[]): readonly NodeRef[] {
  if (refs.length < 2) return refs;
  return [...new Map(refs.map((ref) => [`${ref.node}.${ref.visit}`, ref])).values()];
}

/** Settled events of one instance keep their order only within one committer, so an instance always has the same one. */
export function committerOf(instance: string, committers: number): number {
  let hash = 0;
  // The random tail of a UUIDv7; its head is the time and equal for many.
  for (let at = instance.length - 8; at < instance.length; at++) hash = (hash * 31 + instance.charCodeAt(at)) >>> 0;
  return hash % committers;
}
