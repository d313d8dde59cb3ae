import { withGuards } from '../core/definition/control/guards.js';
import type { Definition, Edge, Line } from '../core/definition/definition.js';
import { checkGraph } from './checks/check-graph.js';
import { checkCalls } from './checks/use/check-calls.js';
import { isolate } from './edges/isolate.js';
import type { Problem } from './problem.js';
import { Report } from './report/report.js';
import type { Draft } from './structure/draft.js';
import { CustomKinds } from './structure/kinds/task/custom/custom-kinds.js';
import { type FlowHead, readFlow } from './structure/read-flow.js';
import { decode } from './yaml/decode.js';
import { dropEmpty } from './yaml/drop-empty.js';
import { parseYaml } from './yaml/parse-yaml.js';

export interface ReadDefinition {
  /** `null` when a problem is an error. Warnings let it through. */
  readonly definition: Definition | null;
  /** All of them at once, at most a hundred, in the order of the file. */
  readonly problems: readonly Problem[];
}

const ALONE: ReadonlyMap<string, Definition> = new Map();

/**
 * Reads one flow. Never throws, whatever the text, and takes a time that grows with its size alone.
 *
 * @param input the content of the file, at most 256 KiB of UTF-8.
 * @param file its name, for the problems.

 * @param others flows that it may call, by id, and those that they call; `null`: it was published, and how calls end is not looked at.
 * @param kinds kinds of node that plugins bring.
 */
export function readDefinition(
  input: string | Uint8Array,
  file: string,
  others: ReadonlyMap<string, Definition> | null = ALONE,
  kinds: CustomKinds = CustomKinds.none,
): ReadDefinition {
  const decoded = decode(input);
  if (!decoded.ok) {
    const report = new Report(file, '');
    report.add(decoded.code, { start: 0, end: 1 }, decoded.message, decoded.hint);
    return { definition: null, problems: report.problems() };
  }
  const report = new Report(file, decoded.text, others === null);
  const tree = parseYaml(decoded.text, report);
  if (tree?.type !== 'map') return { definition: null, problems: report.problems() };
  const { head, draft } = readFlow(dropEmpty(tree, report), report, kinds);
  if (!report.has('TOO_MANY_NODES', 'TOO_MANY_EDGES')) checkGraph(draft, report);
  const definition = report.hasErrors ? null : assemble(head, draft);
  if (definition && others) checkCalls(definition, others, draft, report);
  return { definition: report.hasErrors ? null : definition, problems: report.problems() };
}

function assemble(head: FlowHead, draft: Draft): Definition {
  const edges: Edge[] = [];
  const lines = draft.lines.map((line, index): Line => {
    const own = line.to.map((to, place) => ({
      index: edges.length + place,
      line: index,
      from: line.from.id,
      to: to.id,
    }));
    edges.push(...own);
    return {
      index,
      from: line.from.id,
      to: line.to.map(({ id }) => id),
      when: line.when ?? { type: 'always' },
      label: line.label,
      ...(line.times !== undefined && { times: line.times }),
      ...(line.cancels && { cancels: line.cancels.names }),
      edges: own,
    };
  });
  const nodes = withGuards(new Map([...draft.nodes].map(([id, { node }]) => [id, node])), lines);
  const output = draft.output && { output: draft.output.values };
  const key = draft.key?.compiled.expression ?? null;
  return { ...head, key, ...isolate({ ...output, nodes, lines, edges }) };
}
