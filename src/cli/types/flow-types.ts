import type { Definition, TaskNode } from '../../core/definition/definition.js';
import { handlersOf, taskAt } from '../../core/definition/handlers.js';
import { PLAY_MEMBER } from '../../core/definition/starting/play.js';
import type { Expression } from '../../core/expression.js';
import { PHASES, partVisit } from '../../core/flow/tries/tcc/rule.js';
import type { JsonObject } from '../../core/json.js';
import { SECRET_ROOT } from '../../core/safe/secret-use.js';
import { membersRead } from './read-output.js';
import { block, docOf, isObject, member, plainDoc, typeOfSchema, union } from './schema-type.js';
import { type KnownScope, type TypedName, typeOfLiteral, typeOfValue } from './value-type.js';

/** What the flows that ask one handler hand to it, and what they read of its answer. */
export interface Contract {
  readonly inputs: Set<string>;
  readonly withs: Set<string>;
  readonly outputs: Set<string>;
  /** `flow.node`, for whoever reads the types. */
  readonly askedBy: string[];
  /** What they say that it must answer; all of it. */
  readonly returns: Set<string>;
  /** Some flow asks it about several calls at once. */
  isBatched: boolean;
}

const newContract = (): Contract => ({
  inputs: new Set(),
  withs: new Set(),
  outputs: new Set(),
  returns: new Set(),
  askedBy: [],
  isBatched: false,
});

export interface FlowTypes {
  readonly flow: string;
  /** What its types are called by: `LoanDisbursement`. */
  readonly name: string;
  /** Plays configure it. */
  readonly isPlayed: boolean;
  /** Type declarations. */
  readonly text: string;
}

/** The types of one flow; what its tasks hand over is added to the contracts, by handler. */
export function typesOfFlow(definition: Definition, name: string, contracts: Map<string, Contract>): FlowTypes {
  const { input, flow, play = null } = definition;
  const nameOf = (reference: string): string | null => {
    if (reference === '#') return `${name}Input`;
    const [, own] = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(reference) ?? [];
    return own !== undefined && schemasOf(input)[own] !== undefined ? `${name}${pascal(own)}` : null;
  };
  const typed = typedNames(definition);
  const hasSecretNode = definition.nodes.has(SECRET_ROOT);
  const unknownVars: KnownScope = { input, play, vars: new Map(), typed, hasSecretNode, nameOf };
  const vars = new Map([...writesOf(definition)].map(([key, values]) => [key, typeOfAll(values, unknownVars)]));
  for (const name of listedIn(definition))
    vars.set(name, union([vars.get(name) ?? 'unknown', `Array<${vars.get(name)}>`]));
  declareVars(definition, vars);
  const scope = { ...unknownVars, vars };
  const title = plainDoc(definition.title ?? flow);
  const declared = [
    ...Object.entries(schemasOf(input)).map(([own, schema]) =>
      declare(`${name}${pascal(own)}`, typeOfSchema(schema, nameOf), docOf(schema)),
    ),
    declare(
      `${name}Input`,
      input ? typeOfSchema(input, nameOf) : 'Record<string, unknown>',
      `The start input of ${title}.`,
    ),
    ...(play ? [declare(`${name}Play`, typeOfSchema(play), `What a play of ${title} configures.`)] : []),
    declare(
      `${name}Vars`,
      block([...vars].map(([key, type]) => member(key, type, startsWith(definition, key)))),
      `What ${title} writes.`,
    ),
    declare(`${name}Output`, outputType(definition, scope), `What who calls ${title} gets.`),
  ];
  for (const node of definition.nodes.values()) {
    if (node.kind !== 'task') continue;
    for (const task of partsOf(node)) addContract(definition, task, name, scope, contracts);
  }
  return { flow, name, isPlayed: play !== null, text: declared.join('\n') };
}

/** Each phase of each participant is a task with an input of its own. */
const partsOf = (node: TaskNode): readonly TaskNode[] =>
  node.tcc
    ? node.tcc.participants.flatMap((_, place) => PHASES.map((phase) => taskAt(node, partVisit(1, place, phase))))
    : [node];

function addContract(
  definition: Definition,
  node: TaskNode,
  name: string,
  scope: KnownScope,
  contracts: Map<string, Contract>,
): void {
  const given = node.in
    ? block([...node.in].map(([key, value]) => member(key, typeOfValue(value, scope))))
    : `{ input: ${name}Input${scope.play ? ` & ${pinned(name)}` : ''}; vars: ${name}Vars } & Record<string, unknown>`;
  // A rule is told the time too, and a step what the steps before it have added.
  const more =
    node.work?.type === 'rules' ? ' & { requestTime: number }' : node.work ? ' & Record<string, unknown>' : '';
  const literals = node.work ? 'Record<string, unknown>' : typeOfLiteral(node.with ?? {});
  const isTyped = node.returns !== undefined && !node.each;
  const read = node.work || node.part || isTyped ? [] : membersRead(definition, node);
  for (const handler of handlersOf(node)) {
    const contract = contracts.get(handler) ?? newContract();
    contracts.set(handler, contract);
    contract.inputs.add(`${given}${more}`);
    contract.withs.add(literals);
    for (const one of read) contract.outputs.add(one);
    if (node.returns && handler === node.handler) contract.returns.add(typeOfSchema(node.returns.schema));
    contract.askedBy.push(`${definition.flow}.${node.id}`);
    if (node.batch) contract.isBatched = true;
  }
}

/** What an instance keeps of its play, beside its input. */
const pinned = (name: string): string =>
  `{ ${JSON.stringify(PLAY_MEMBER)}: { code: string; revision: number; params: ${name}Play } }`;

function outputType({ output, returns }: Definition, scope: KnownScope): string {
  const named = returns?.schema['properties'];
  const open = [...(output ?? [])].filter(([key]) => !isObject(named) || !Object.hasOwn(named, key));
  // A value that cannot be told at the end is null.
  const others = block(open.map(([key, value]) => member(key, union([typeOfValue(value, scope), 'null']))));
  if (!returns) return others;
  return [typeOfSchema(returns.schema), ...(open.length > 0 ? [others] : [])].join(' & ');
}

/** What has a schema of its own: the variables, and the outputs of tasks. */
function typedNames({ nodes, lines, vars }: Definition): ReadonlyMap<string, TypedName> {
  const names = new Map<string, TypedName>();
  if (vars) {
    const properties = Object.fromEntries([...vars].map(([name, { schema }]) => [name, schema]));
    const required = [...vars].flatMap(([name, { initial }]) => (initial === undefined ? [] : [name]));
    names.set('vars', { schema: { type: 'object', properties, required }, mayMiss: false });
  }
  for (const node of nodes.values()) {
    if (node.kind !== 'task' || !node.returns || node.each) continue;
    const mayMiss = lines.some(({ from, when }) => from === node.id && FAILURES.includes(when.type));
    names.set(node.id, { schema: node.returns.schema, mayMiss });
  }
  return names;
}

/** A node that is left for one of them has no output. */
const FAILURES: readonly string[] = ['error', 'timeout', 'exhausted', 'message'];

/** What is declared goes before what is written; what branches keep apart until they meet may be either. */
function declareVars({ vars, nodes }: Definition, known: Map<string, string>): void {
  const merges = [...nodes.values()].flatMap((node) => ('merge' in node && node.merge) || []);
  const merged = new Set(merges.map(({ name }) => name));
  for (const [name, { schema }] of vars ?? []) {
    const type = typeOfSchema(schema);
    known.set(name, merged.has(name) ? union([type, known.get(name) ?? 'unknown']) : type);
  }
}

const startsWith = ({ vars }: Definition, name: string): boolean => vars?.get(name)?.initial !== undefined;

function writesOf({ nodes }: Definition): ReadonlyMap<string, Expression[]> {
  const writes = new Map<string, Expression[]>();
  for (const node of nodes.values()) {
    const written = node.kind === 'set' ? node.set : 'out' in node ? node.out : null;
    for (const [key, value] of written ?? []) {
      // A branch keeps it under a name of its own until the branches meet.
      const [name = key] = key.split('@');
      writes.set(name, [...(writes.get(name) ?? []), value]);
    }
  }
  for (const node of nodes.values()) {
    for (const { name, rule } of ('merge' in node && node.merge) || []) {
      if (rule.type === 'by') writes.set(name, [...(writes.get(name) ?? []), rule.by]);
    }
  }
  return writes;
}

/** Variables that are a list once their branches have met. */
const listedIn = ({ nodes }: Definition): readonly string[] =>
  [...nodes.values()]
    .flatMap((node) => ('merge' in node && node.merge) || [])
    .flatMap(({ name, rule }) => (rule.type === 'list' ? [name] : []));

const typeOfAll = (values: readonly Expression[], scope: KnownScope): string =>
  union(values.map((value) => typeOfValue(value, scope)));

export const declare = (name: string, type: string, doc: string | null): string =>
  `${doc === null ? '' : `/** ${doc} */\n`}export type ${name} = ${type};\n`;

function schemasOf(input: JsonObject | null): JsonObject {
  const own = (key: string): JsonObject => (isObject(input?.[key]) ? (input[key] as JsonObject) : {});
  return { ...own('definitions'), ...own('$defs') };
}

/** `loan_disbursement` → `LoanDisbursement`. */
export const pascal = (id: string): string =>
  id
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
