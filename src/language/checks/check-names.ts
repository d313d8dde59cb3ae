import { hasOutput } from '../../core/definition/definition.js';
import type { JsonObject } from '../../core/json.js';
import { SECRET_ROOT } from '../../core/safe/secret-use.js';
import type { ReadPath } from '../expression/compile/compile-expression.js';
import type { PlacedExpression } from '../expression/compile/compile-values.js';
import { checkParameter } from '../expression/plays/check-parameter.js';
import { FUNCTION_NAMES, SCOPE_NAMES } from '../expression/reserved-names.js';
import { didYouMean } from '../report/nearest.js';
import type { Report, Span } from '../report/report.js';
import type { Target } from '../structure/draft.js';
import { within } from '../yaml/tree.js';
import type { Graph } from './graph.js';
import { carriesResult, resultComesTo } from './use/carried-result.js';
import { asksOfCircuit, checkCircuit } from './use/check-circuit.js';
import { checkSecret } from './use/check-secret.js';

type Role =
  | 'key'
  | 'output'
  | 'in'
  | 'out'
  | 'set'
  | 'match'
  | 'manual'
  | 'timer'
  | 'circuit'
  | 'fallback'
  | 'delay'
  | 'until'
  | 'line';

/** Worked out when the node is entered no more, and what came along its edge is forgotten. */
const LATER: readonly Role[] = ['in', 'fallback', 'output'];

export interface Use {
  readonly role: Role;
  /** The node that the expression belongs to or leaves; -1 for the key. */
  readonly owner: number;
  readonly placed: PlacedExpression;
  /** Names that it can read beside those of the scope. */
  readonly local?: readonly string[] | undefined;
  /** Of a line, the nodes that it leads to. */
  readonly to?: readonly Target[];
}

/** Every name in every expression is one that the scope can have at that point. */
export function checkNames(graph: Graph, report: Report): void {
  const written = new Set([...graph.draft.nodes.values()].flatMap(({ writes }) => writes.map(({ name }) => name)));
  for (const [name, { variable }] of graph.draft.vars ?? []) if (variable.initial !== undefined) written.add(name);
  for (const use of uses(graph)) {
    for (const path of use.placed.compiled.paths) {
      const { scalar, offset } = use.placed;
      checkPath(graph, use, path, within(scalar, offset + path.start, offset + path.end), written, report);
    }
  }
}

/** Every expression of the file, and whose it is. */
export function* uses(graph: Graph): Generator<Use> {
  for (const placed of graph.draft.output?.placed ?? []) yield { role: 'output', owner: -1, placed };
  if (graph.draft.key) yield { role: 'key', owner: -1, placed: graph.draft.key };
  for (const [owner] of graph.ids.entries()) {
    for (const use of graph.drafted(owner)?.expressions ?? []) yield { ...use, owner };
  }
  const places = new Map(graph.ids.map((id, index) => [id, index]));
  for (const line of graph.draft.lines) {
    for (const placed of line.matched ?? []) yield { role: 'match', owner: places.get(line.from.id) ?? -1, placed };
    const { condition, to } = line;
    if (condition) yield { role: 'line', owner: places.get(line.from.id) ?? -1, placed: condition, to };
  }
}

function checkPath(
  graph: Graph,
  use: Use,
  { path, start, end }: ReadPath,
  at: Span,
  written: ReadonlySet<string>,
  report: Report,
): void {
  const [root = '', member] = path;
  if (root === 'circuit' && asksOfCircuit(graph, use)) {
    checkCircuit(graph, use, path, at, report);
    return;
  }
  if (use.local?.includes(root)) return;
  if (root === SECRET_ROOT && !graph.draft.ids.has(root)) {
    checkSecret(graph, use, at, report);
    return;
  }
  if (use.role === 'key' && root !== 'input') {
    report.add(
      'UNKNOWN_NAME',
      at,
      `Expected a key that reads \`input\` alone, but it reads \`${root}\`.`,
      'Nothing else is there when an instance starts.',
    );
  } else if (root === 'input') {
    checkInput(graph, member, at, report);
  } else if (root === 'vars') {
    checkVariable(member, at, written, report);
  } else if (root === 'play' && graph.draft.play) {
    checkPlay(graph.draft.play, use, { path, start, end }, at, report);
  } else if (root === 'result' || root === '_result') {
    checkResult(graph, use, root, at, report);
  } else if (graph.draft.ids.has(root)) {
    checkNode(graph, use, root, at, report);
  } else {
    report.add(
      'UNKNOWN_NAME',
      at,
      `Expected a name that the scope has, but it has no \`${root}\`.`,
      unknownHint(graph, root),
    );
  }
}

function unknownHint(graph: Graph, root: string): string {
  if (graph.draft.inputNames?.has(root)) return `Did you mean \`input.${root}\`?`;
  if ((FUNCTION_NAMES as readonly string[]).includes(root)) return `\`${root}\` is a function: ${root}(…).`;
  const known = [...graph.draft.ids.keys(), ...SCOPE_NAMES, ...(graph.draft.play ? ['play'] : [])];
  if (root === 'play') return 'What a play of the flow configures is said by a JSON Schema under `play`.';
  return (
    didYouMean(root, known) ??
    'There are input, vars, result, _result and the ids of nodes. A text needs quotes of its own.'
  );
}

function checkInput(graph: Graph, member: string | undefined, at: Span, report: Report): void {
  const { inputNames } = graph.draft;
  if (member === undefined || !inputNames || inputNames.has(member)) return;
  const hint = didYouMean(member, inputNames) ?? 'Add it to `properties`.';
  report.add('UNKNOWN_INPUT', at, `Expected a property of the input schema, but it has no \`${member}\`.`, hint);
}

function checkPlay(schema: JsonObject, { role, placed }: Use, path: ReadPath, at: Span, report: Report): void {
  const fault = checkParameter(schema, placed.compiled.expression.text, path, role === 'line');
  if (fault) report.add(fault.code, at, fault.message, fault.hint);
}

function checkVariable(member: string | undefined, at: Span, written: ReadonlySet<string>, report: Report): void {
  if (member === undefined || written.has(member)) return;
  const hint = didYouMean(member, written) ?? 'Variables are written by `out` and `set`.';
  report.add('UNKNOWN_VARIABLE', at, `Expected a variable that some node writes, but none writes \`${member}\`.`, hint);
}

function checkResult(graph: Graph, { role, owner }: Use, root: string, at: Span, report: Report): void {
  if (role !== 'output' && (owner < 0 || !graph.node(owner) || role === 'out')) return;
  const isThere = role === 'line' ? carriesResult(graph, owner) : !LATER.includes(role) && resultComesTo(graph, owner);
  if (isThere) return;
  const where =
    role === 'output'
      ? 'in the `output` of a flow'
      : role === 'line'
        ? `on an edge from \`${graph.id(owner)}\``
        : `in \`${role}\` of \`${graph.id(owner)}\``;
  const message = `Expected no \`${root}\` ${where}, but it is read.`;
  report.add('RESULT_NOT_HERE', at, message, 'Read the output of a node by its id, for example `credit.score`.');
}

function checkNode(graph: Graph, { role, owner }: Use, root: string, at: Span, report: Report): void {
  const index = graph.ids.indexOf(root);
  const node = graph.node(index);
  const kind = node?.kind;
  if (kind !== undefined && !hasOutput(kind) && !(node?.kind === 'gateway' && node.split)) {
    const hint = kind === 'set' ? 'What a `set` node writes is read as `vars.…`.' : null;
    report.add('NAME_WITHOUT_OUTPUT', at, `Expected a node that has an output, but \`${root}\` is a ${kind}.`, hint);
    return;
  }
  if (owner < 0 || !graph.isComplete || graph.reaches(index, owner)) return;
  if (index === owner && (role === 'line' || role === 'out')) return;
  const message = `Expected a node that has finished by then, but \`${root}\` never comes before \`${graph.id(owner)}\`.`;
  report.add('NOT_FINISHED_BEFORE', at, message, 'Until it has finished, reading it is an incident.');
}
