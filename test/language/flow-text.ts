import type { Problem } from '../../src/language/problem.js';
import { readDefinition } from '../../src/language/read-definition.js';

interface Parts {
  readonly head?: string;
  readonly nodes?: string;
  readonly edges?: string;
}

/** A small flow that has no problem, with the parts that a test is about in place of its own. */
export function flowText({ head = '', nodes = '', edges = '' }: Parts = {}): string {
  const work = /^ {2}work:/m.test(nodes) ? '' : '  work:  { task: demo.work }\n';
  return `flow: example\n${head}nodes:\n  begin: { start: true }\n${work}  done:  { end: success }\n${nodes}edges:\n${
    edges || '  - begin -> work -> done\n'
  }`;
}

export const problemsOf = (text: string | Uint8Array): readonly Problem[] =>
  readDefinition(text, 'example.flow.yaml').problems;

/** `CODE line:column`, in the order of the file. */
export const placesOf = (text: string | Uint8Array): string[] =>
  problemsOf(text).map(({ code, line, column }) => `${code} ${line}:${column}`);

export const codesOf = (text: string | Uint8Array): string[] => problemsOf(text).map(({ code }) => code);

/** Tasks a, b, … and edges, between a start and an end. */
export function graph(edges: readonly string[], nodes: readonly string[] = []): string {
  const named = new Set(edges.flatMap((edge) => edge.split(':')[0]?.match(/\w+/g) ?? []));
  const given = new Set(['begin', 'done', 'work', ...nodes.map((node) => node.split(':')[0] as string)]);
  const tasks = [...named].filter((id) => !given.has(id)).map((id) => `${id}: { task: demo.${id} }`);
  const text = [...nodes, ...tasks].map((node) => `  ${node}\n`).join('');
  return flowText({ nodes: text, edges: edges.map((edge) => `  - ${edge}\n`).join('') }).replace(/ {2}work: .*\n/, '');
}
