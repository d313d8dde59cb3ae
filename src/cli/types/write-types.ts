import type { Definition } from '../../core/definition/definition.js';
import { type Contract, declare, type FlowTypes, pascal, typesOfFlow } from './flow-types.js';
import { block, member, union } from './schema-type.js';

/**
 * TypeScript types of flows: start inputs, variables and outputs by flow, and for every handler what the flows hand to it
 * and what they read of its answer. Equal flows give an equal text, whatever their order.
 */
export function writeTypes(definitions: readonly Definition[]): string {
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
  ].join('\n');
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

const flowMember = ({ flow, name }: FlowTypes): string =>
  member(flow, `{ input: ${name}Input; vars: ${name}Vars; output: ${name}Output }`);

function taskMember([handler, { inputs, withs, outputs, askedBy }]: [string, Contract]): string {
  const output = outputs.size === 0 ? 'unknown' : block([...outputs].sort().map((name) => member(name, 'unknown')));
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
