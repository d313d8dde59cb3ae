import type { Definition } from '../../../core/definition/definition.js';
import { callsOf, endlessFlows } from '../../../core/definition/endless-calls.js';
import type { Report } from '../../report/report.js';
import type { Draft } from '../../structure/draft.js';
import { Graph } from '../graph.js';
import { checkCalled } from './typed/check-typed.js';

/** A flow that calls itself on every way to an end, by way of others or not, would call for ever. */
export function checkCalls(
  definition: Definition,
  others: ReadonlyMap<string, Definition>,
  draft: Draft,
  report: Report,
): void {
  const calls = callsOf(definition);
  if (calls.length === 0) return;
  checkCalled(new Graph(draft), new Map([...others, [definition.flow, definition]]), report);
  const endless = endlessFlows(new Map([...others, [definition.flow, definition]]));
  if (!endless.has(definition.flow)) return;
  for (const { id, flow } of calls) {
    const at = draft.nodes.get(id)?.at;
    if (!at || !endless.has(flow)) continue;
    const whom = flow === definition.flow ? 'itself' : `\`${flow}\`, which calls on in turn,`;
    const message = `Expected a way to an end without this call, but \`${definition.flow}\` calls ${whom} on every one.`;
    report.add('ENDLESS_CALLS', at, message, 'Draw an edge past it, with a condition.');
  }
}
