import { kindHandler } from '../../core/definition/custom-kind.js';
import type { Definition } from '../../core/definition/definition.js';
import type { KindFacts } from '../../language/structure/kinds/task/custom/kind-facts.js';
import { type Contract, declare, type FlowTypes, pascal, typesOfFlow } from './flow-types.js';
import { block, docOf, member, plainDoc, typeOfSchema, union } from './schema-type.js';

/**
 * TypeScript types of flows: start inputs, variables and outputs by flow, and for every handler what the flows hand to it
 * and what they read of its answer. Equal flows give an equal text, whatever their order.
 * @param kinds of node that plugins bring: what flows write under them, as their `execute` gets it.
 */
export function writeTypes(definitions: readonly Definition[], kinds: readonly KindFacts[] = []): string {
  const contracts = new Map<string, Contract>();
  const taken = new Set<string>();
  const sorted = [...definitions].sort((a, b) => (a.flow < b.flow ? -1 : 1));
  const flows = sorted.map((one) => typesOfFlow(one, freeName(one.flow, taken), contracts));
  const tasks = [...contracts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `// Written by \`sluice types\` from ${sorted.map(({ flow }) => flow).join(', ')}. Run it again instead of changing this.\n`,
    ...flows.map(({ text }) => text),
    `/** The flows by id. */\nexport interface Flows ${block(flows.map(flowMember))}\n`,
    `/** What each handler gets, and what the flows read of its answer. */\nexport interface Tasks ${block(tasks.map(taskMember))}\n`,
    ...batchTypes(tasks.filter(([, { isBatched }]) => isBatched).map(([handler]) => handler)),
    declare('TaskInput<Name extends keyof Tasks>', "Tasks[Name]['input']", null),
    declare('TaskWith<Name extends keyof Tasks>', "Tasks[Name]['with']", null),
    declare('TaskOutput<Name extends keyof Tasks>', "Tasks[Name]['output']", null),
    ...kindTypes(kinds),
  ].join('\n');
}

/** By name and major version, as the handler is called that does their work. */
function kindTypes(kinds: readonly KindFacts[]): readonly string[] {
  if (kinds.length === 0) return [];
  const named = kinds.map((kind) => [kindHandler(kind), kind] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const fields = named.map(([name, { schema, docs }]) =>
    member(name, typeOfSchema(schema), true, docs === null ? docOf(schema) : plainDoc(docs)),
  );
  return [
    `/** The fields of each kind of node, as its \`execute\` gets them. */\nexport interface Kinds ${block(fields)}\n`,
    declare('KindFields<Name extends keyof Kinds>', 'Kinds[Name]', null),
  ];
}

/** For handlers that a flow asks about several calls at once. */
function batchTypes(handlers: readonly string[]): readonly string[] {
  if (handlers.length === 0) return [];
  const call = "{ readonly input: Tasks[Name]['input']; readonly context: { readonly with: Tasks[Name]['with'] } }";
  return [
    declare('BatchTasks', union(handlers.map((name) => JSON.stringify(name))), 'Handlers that are asked in batches.'),
    declare('TaskCalls<Name extends BatchTasks>', `ReadonlyArray<${call}>`, null),
    declare('TaskAnswers<Name extends BatchTasks>', "ReadonlyArray<Tasks[Name]['output'] | Error>", null),
  ];
}

const flowMember = ({ flow, name, isPlayed }: FlowTypes): string =>
  member(
    flow,
    `{ input: ${name}Input;${isPlayed ? ` play: ${name}Play;` : ''} vars: ${name}Vars; output: ${name}Output }`,
  );

function taskMember([handler, { inputs, withs, outputs, returns, askedBy }]: [string, Contract]): string {
  const read = outputs.size === 0 ? [] : [block([...outputs].sort().map((name) => member(name, 'unknown')))];
  // It answers for every flow that asks it.
  const said = [...returns].map((type) => (type.includes('|') ? `(${type})` : type));
  const output = [...said, ...read].join(' & ') || 'unknown';
  const type = block([
    member('input', union([...inputs])),
    member('with', union([...withs])),
    member('output', output),
  ]);
  return member(handler, type, true, `Asked by ${askedBy.join(', ')}.`);
}

/** `a_b` and `aB` would be one name. */
function freeName(flow: string, taken: Set<string>): string {
  const wanted = pascal(flow);
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`;
  taken.add(name);
  return name;
}
