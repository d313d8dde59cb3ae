import type { Definition } from '../../../../core/definition/definition.js';
import type { ValueType } from '../../../../core/definition/starting/variables.js';
import type { Given } from '../../../expression/compile/compile-values.js';
import { checkParameter } from '../../../expression/plays/check-parameter.js';
import { SchemaType } from '../../../input-schema.js';
import type { ProblemCode } from '../../../report/problem-codes.js';
import type { Report } from '../../../report/report.js';
import type { Writing } from '../../../structure/draft.js';
import { within } from '../../../yaml/tree.js';
import { type Use, uses } from '../../check-names.js';
import type { Graph } from '../../graph.js';
import { isObject, schemaAt, sharedOf, shownTypes, type Types, typesOfSchema } from './json-types.js';
import { calledOf, outputOf, type Source, variablesOf } from './sources.js';

/** What is known of a name of the scope, where an expression reads it. */
type SourceOf = (root: string, use: Pick<Use, 'role' | 'owner'>) => Source | null;

/** Values that have a type: what is written to them and what is read of them. Schemas that are none are told first. */
export function checkTyped(graph: Graph, report: Report): void {
  if (report.has('BAD_INPUT_SCHEMA')) return;
  checkDeclared(graph, report);
  const variables = variablesOf(graph.draft);
  const { input, play } = graph.draft;
  const own = ofNode(graph, (index) => outputOf(graph.node(index)));
  checkReads(graph, (root, use) => (root === 'vars' ? variables : own(root, use)), report);
  const known: SourceOf = (root, use) => {
    const schema = root === 'input' ? input : root === 'play' ? play : null;
    if (schema) return { schema, told: { of: '', unknown: 'UNKNOWN_INPUT', type: 'OUTPUT_TYPE', hint: '' } };
    return root === 'vars' ? variables : own(root, use);
  };
  checkWritten(graph, known, 'VARIABLE_TYPE', report);
  checkGiven(graph, known, report);
}

/** The same of what calls give, as far as the called flows are at hand. These may change by themselves, so it is a warning. */
export function checkCalled(graph: Graph, others: ReadonlyMap<string, Definition>, report: Report): void {
  const called = ofNode(graph, (index) => calledOf(graph.node(index), others));
  checkReads(graph, called, report);
  checkWritten(graph, called, 'CALL_TYPE', report);
}

/** The output of a node is known by its id, and as `result` where it is told of itself or left by an edge. */
function ofNode(graph: Graph, source: (index: number) => Source | null): SourceOf {
  const places = new Map(graph.ids.map((id, index) => [id, index]));
  return (root, { role, owner }) => {
    if (root !== 'result') return places.has(root) ? source(places.get(root) as number) : null;
    return role === 'out' || role === 'line' ? source(owner) : null;
  };
}

/** With `vars`, nothing else is written. */
function checkDeclared({ draft }: Graph, report: Report): void {
  const { vars } = draft;
  if (!vars) return;
  for (const { writes, mergesAt } of draft.nodes.values()) {
    const merged = [...mergesAt].map(([name, at]) => ({ name, at }));
    for (const { name, at } of [...writes, ...merged]) {
      if (vars.has(name)) continue;
      const message = `Expected a variable that is declared under \`vars\`, but \`${name}\` is not.`;
      report.add('UNDECLARED_VARIABLE', at, message, `Declare it: \`${name}: { type: … }\`.`);
    }
  }
}

function checkReads(graph: Graph, sourceOf: SourceOf, report: Report): void {
  for (const use of uses(graph)) {
    const { scalar, offset, compiled } = use.placed;
    for (const path of compiled.paths) {
      const [root = ''] = path.path;
      const source = use.local?.includes(root) ? null : sourceOf(root, use);
      if (!source) continue;
      const fault = checkParameter(source.schema, compiled.expression.text, path, use.role === 'line', source.told);
      if (!fault) continue;
      report.add(fault.code, within(scalar, offset + path.start, offset + path.end), fault.message, fault.hint);
    }
  }
}

/** What `out` and `set` write, against what is declared. What branches write apart is looked at where it is merged. */
function checkWritten(graph: Graph, sourceOf: SourceOf, code: ProblemCode, report: Report): void {
  const { vars, nodes } = graph.draft;
  if (!vars) return;
  const merged = new Set([...nodes.values()].flatMap(({ mergesAt }) => [...mergesAt.keys()]));
  graph.ids.forEach((id, owner) => {
    const role = graph.node(owner)?.kind === 'set' ? 'set' : 'out';
    for (const write of nodes.get(id)?.writes ?? []) {
      const variable = vars.get(write.name)?.variable;
      if (!variable || merged.has(write.name)) continue;
      const wrong = whyUnfit(write, variable, (root) => sourceOf(root, { role, owner }));
      if (wrong === null) continue;
      report.add(
        code,
        write.at,
        `Expected \`vars.${write.name}\` to be given ${wrong}.`,
        'Write that, or declare it otherwise.',
      );
    }
  });
}

/** What the flow gives to its callers, against what it says that it returns. */
function checkGiven({ draft }: Graph, sourceOf: SourceOf, report: Report): void {
  const { returns, output } = draft;
  if (!returns) return;
  const { schema } = returns.type;
  const gives = output?.gives ?? [];
  const told = (at: Writing['at'], message: string): void =>
    report.add('OUTPUT_TYPE', at, message, 'Change `output`, or what the flow `returns`.');
  const given = (root: string): Source | null => sourceOf(root, { role: 'output', owner: -1 });
  for (const give of gives) {
    const own = schemaAt(schema, [give.name]);
    if (own === undefined && schema['additionalProperties'] === false)
      told(give.at, `Expected what \`returns\` names, but it does not name \`${give.name}\`.`);
    if (!isObject(own)) continue;
    const wrong = whyUnfit(give, new SchemaType({ ...sharedOf(schema), ...own }, 'returns'), given);
    if (wrong !== null) told(give.at, `Expected \`${give.name}\` to be given ${wrong}.`);
  }
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  for (const name of required) {
    if (gives.some((give) => give.name === name) || report.has('BAD_EXPRESSION')) continue;
    told(returns.at, `Expected \`output\` to give \`${String(name)}\`, which \`returns\` requires, but it does not.`);
  }
}

/** What it wants and what it is given, where these can never be the same; `null`: they can. */
function whyUnfit(given: Given, type: ValueType, sourceOf: (root: string) => Source | null): string | null {
  const { constant } = given;
  const fault = constant === undefined ? null : type.fault(constant);
  if (fault !== null) return `what is declared, but ${fault} and is ${JSON.stringify(constant).slice(0, 60)}`;
  const wanted = typesOfSchema(type.schema, type.schema);
  const types = constant === undefined ? typesGiven(given, sourceOf) : null;
  if (!wanted || !types) return null;
  // What may be missing reads as null; that alone is no mistake.
  const sure = [...types].filter((one) => one !== 'null' || types.size === 1);
  return sure.some((one) => wanted.has(one)) ? null : `${shownTypes(wanted)}, but it is given ${shownTypes(types)}`;
}

function typesGiven({ type, path }: Given, sourceOf: (root: string) => Source | null): Types | null {
  if (type !== 'unknown') return new Set([type]);
  const [root, ...members] = path ?? [];
  const source = root === undefined ? null : sourceOf(root);
  return source && typesOfSchema(schemaAt(source.schema, members), source.schema);
}
