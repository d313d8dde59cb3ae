import type { TypedFlow } from '../../core/definition/starting/variables.js';
import type { Expression } from '../../core/expression.js';
import type { JsonObject } from '../../core/json.js';
import { SECRET_ROOT } from '../../core/safe/secret-use.js';
import { readEdges } from '../edges/read-edges.js';
import { compilePlaced, compileValue, givenBy, type PlacedExpression } from '../expression/compile/compile-values.js';
import { isReservedId } from '../expression/reserved-names.js';
import type { Report, Span } from '../report/report.js';
import { entryOf, type MapTree, plain, type Tree } from '../yaml/tree.js';
import type { Draft, DraftNode, Writing } from './draft.js';
import { checkInputSchema } from './input/input-keywords.js';
import { reportIssues, shownKey } from './issues.js';
import type { CustomKinds } from './kinds/task/custom/custom-kinds.js';
import { milliseconds, retryFrom, TASK_DEFAULTS, type TaskDefaults } from './kinds/task-defaults.js';
import { ID_PATTERN } from './parts.js';
import { readNode } from './read-node.js';
import { flowFile, TOP_TO_COME, topKeys } from './schema.js';
import { checkSecrets } from './top/check-secrets.js';
import { readReturns, readVars } from './top/read-types.js';

export const MAX_NODES = 500;
const TOP_KEYS = [...Object.keys(topKeys), 'nodes', 'edges'];

export interface FlowHead extends TypedFlow {
  readonly flow: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly version: number;
  readonly input: JsonObject | null;
  readonly play?: JsonObject;
}

/** Structure by structure: the top, each node, each edge. What is wrong in one does not hide what is wrong in another. */
export function readFlow(written: MapTree, report: Report, kinds?: CustomKinds): { head: FlowHead; draft: Draft } {
  const tree = dropRefused(written, report);
  const checked = flowFile.safeParse(plain(tree));
  if (!checked.success) reportIssues(checked.error.issues, tree, TOP_KEYS, report);
  const nodesEntry = entryOf(tree, 'nodes');
  const nodesAt = nodesEntry?.keyAt ?? { start: 0, end: 1 };
  const input = readSchema(entryOf(tree, 'input')?.value, report);
  const play = readSchema(entryOf(tree, 'play')?.value, report);
  report.play = play;
  const vars = readVars(entryOf(tree, 'vars')?.value, report);
  const returns = readReturns(entryOf(tree, 'returns')?.value, report);
  if (nodesEntry) checkSecrets(nodesEntry.value, report);
  // A part that is malformed is reported where it stands, and not once more wherever it is used.
  const parts = entryOf(tree, 'shared')?.value;
  const shared = parts && !checked.success ? null : parts;
  if (parts) checkSecrets(parts, report);
  const { ids, nodes } = readNodes(
    nodesEntry?.value,
    {
      ...readDefaults(tree, checked.success),
      shared,
      flow: checked.success ? checked.data.flow : '',
      hasSecretNode: entryOf(nodesEntry?.value, SECRET_ROOT) !== undefined,
      ...(kinds && { kinds }),
    },
    report,
  );
  const edges = entryOf(tree, 'edges')?.value;
  const draft: Draft = {
    ids,
    nodes,
    nodesAt,
    hasNodes: nodesEntry?.value.type === 'map',
    ...(edges?.type === 'list' ? readEdges(edges, report) : { lines: [], hasAllEdges: false }),
    inputNames: inputNames(input),
    input,
    play,
    vars,
    returns,
    key: readKey(tree, report),
    output: readOutput(tree, report),
  };
  const text = (key: string): string | null => {
    const value = entryOf(tree, key)?.value;
    return value?.type === 'scalar' && typeof value.value === 'string' ? value.value : null;
  };
  const version = checked.success ? (checked.data.version ?? 0) : 0;
  const head = {
    flow: text('flow') ?? '',
    title: text('title'),
    description: text('description'),
    version,
    input,
    ...(play && { play }),
    ...(vars && { vars: new Map([...vars].map(([name, { variable }]) => [name, variable])) }),
    ...(returns && { returns: returns.type }),
  };
  return { head, draft };
}

function dropRefused(tree: MapTree, report: Report): MapTree {
  const entries = tree.entries.filter(({ key, keyAt }) => {
    if (!TOP_TO_COME.includes(key)) return true;
    const message = `Expected a key that this version runs, but it does not run \`${key}\`.`;
    report.add('NOT_BUILT_YET', keyAt, message, `A flow takes ${TOP_KEYS.join(', ')}.`);
    return false;
  });
  return { ...tree, entries };
}

function readDefaults(tree: MapTree, isValid: boolean): TaskDefaults {
  const written = entryOf(tree, 'defaults');
  if (!written || !isValid) return TASK_DEFAULTS;
  const { timeout, retry } = plain(written.value) as { timeout?: string; retry?: unknown };
  const timeoutMs = timeout === undefined ? TASK_DEFAULTS.timeoutMs : milliseconds(timeout);
  return { timeoutMs, retry: retryFrom(retry, TASK_DEFAULTS.retry) };
}

function readSchema(tree: Tree | undefined, report: Report): JsonObject | null {
  if (tree?.type !== 'map') return null;
  checkInputSchema(tree, report);
  return plain(tree) as JsonObject;
}

function inputNames(input: JsonObject | null): ReadonlySet<string> | null {
  const properties = input?.['properties'];
  return properties && typeof properties === 'object' ? new Set(Object.keys(properties)) : null;
}

function readKey(tree: MapTree, report: Report): PlacedExpression | null {
  const key = entryOf(tree, 'key')?.value;
  return key?.type === 'scalar' && typeof key.value === 'string' ? compilePlaced(key, report) : null;
}

function readOutput(tree: MapTree, report: Report): Draft['output'] {
  const map = entryOf(tree, 'output')?.value;
  if (map?.type !== 'map') return null;
  const values = new Map<string, Expression>();
  const placed: PlacedExpression[] = [];
  const gives: Writing[] = [];
  for (const { key, keyAt, value } of map.entries) {
    const compiled = compileValue(value, report);
    if (!compiled) continue;
    values.set(key, compiled.expression);
    placed.push(...compiled.parts);
    gives.push({ name: key, at: { start: keyAt.start, end: keyAt.end }, ...givenBy(value, compiled) });
  }
  return { values, placed, gives };
}

function readNodes(
  tree: Tree | undefined,
  defaults: TaskDefaults,
  report: Report,
): { ids: Map<string, Span>; nodes: Map<string, DraftNode> } {
  const ids = new Map<string, Span>();
  const nodes = new Map<string, DraftNode>();
  if (tree?.type !== 'map') return { ids, nodes };
  if (tree.entries.length > MAX_NODES) {
    const message = `Expected at most ${MAX_NODES} nodes, but there are ${tree.entries.length}.`;
    report.add('TOO_MANY_NODES', tree.entries[MAX_NODES]?.keyAt ?? tree, message, 'Split the flow.');
  }
  const lower = new Map<string, string>();
  for (const entry of tree.entries.slice(0, MAX_NODES)) {
    const { key, keyAt } = entry;
    checkId(key, keyAt, report);
    const twin = lower.get(key.toLowerCase());
    if (twin !== undefined) {
      const message = `Expected ids that differ by more than case, but \`${key}\` and \`${twin}\` do not.`;
      report.add('SAME_BUT_CASE', keyAt, message, 'Rename one of them.');
    }
    lower.set(key.toLowerCase(), key);
    ids.set(key, keyAt);
    const node = readNode(entry, defaults, report);
    if (node) nodes.set(key, node);
  }
  return { ids, nodes };
}

function checkId(id: string, at: Span, report: Report): void {
  if (!ID_PATTERN.test(id)) {
    const message = `Expected an id of ASCII letters, digits and "_", at most 64, a letter first, but it is \`${shownKey(id)}\`.`;
    report.add('BAD_ID', at, message, 'What people read goes into `title`.');
  } else if (isReservedId(id) || (report.play && id === 'play')) {
    const message = `Expected another id, but \`${id}\` means something else in expressions.`;
    report.add('RESERVED_NAME', at, message, 'Rename the node.');
  }
}
