import { type BorderEvent, isBoundary } from '../definition/control/border.js';
import type { JoinRule } from '../definition/control/control.js';
import { isWritten } from '../definition/control/guards.js';
import { SHAPES } from '../definition/custom-kind.js';
import type { CallNode, Definition, Edge, FlowNode, Line, TaskNode } from '../definition/definition.js';
import { secretsOf } from '../definition/handlers.js';
import { visitOf } from '../definition/work/each.js';
import { durationText } from '../duration.js';
import type { Instance, NodeInstance } from '../flow/instance.js';
import { drawnId } from './diagram-map.js';
import { itemCounts } from './items.js';
import { label } from './label.js';
import { type Mark, markOf, tellingVisits } from './marks.js';

/** What is drawn of an instance. */
export interface DrawnInstance {
  readonly instance: Instance;
  readonly nodes: readonly NodeInstance[];
  /** Tells what is delayed; without it nothing is. Database time in milliseconds. */
  readonly now?: number;
}

/** Every colour says its text colour too: a dark theme would otherwise write light on light. */
const COLOURS: Readonly<Record<Mark, string>> = {
  idle: 'fill:#f8f9fa,stroke:#adb5bd,color:#495057',
  queued: 'fill:#e7f5ff,stroke:#339af0,color:#1864ab',
  delayed: 'fill:#f3f0ff,stroke:#845ef7,color:#5f3dc4,stroke-dasharray:4 3',
  retrying: 'fill:#fff3bf,stroke:#f08c00,color:#b35900,stroke-dasharray:4 3',
  running: 'fill:#a5d8ff,stroke:#1971c2,color:#0b3d66,stroke-width:3px',
  waiting: 'fill:#f3f0ff,stroke:#845ef7,color:#5f3dc4',
  done: 'fill:#d3f9d8,stroke:#2f9e44,color:#1b5e2b',
  degraded: 'fill:#fff4e6,stroke:#e8590c,color:#8f3706,stroke-dasharray:6 2',
  incident: 'fill:#ffe3e3,stroke:#e03131,color:#a51111,stroke-width:3px',
  cancelled: 'fill:#e9ecef,stroke:#868e96,color:#495057,stroke-dasharray:2 2',
  compensated: 'fill:#fff0f6,stroke:#c2255c,color:#8a1a4c,stroke-dasharray:4 3',
  skipped: 'fill:#f1f3f5,stroke:#ced4da,color:#868e96,stroke-dasharray:2 2',
};

/** A definition as a Mermaid flowchart that also renders on GitHub. */
export function definitionDiagram(definition: Definition): string {
  return text(flowchart(definition));
}

/** The lines of a flowchart of a definition, with something more said of its nodes and edges. */
export function flowchart(
  definition: Definition,
  more: { readonly node?: (node: FlowNode) => string; readonly edge?: (edge: Edge) => string } = {},
): readonly string[] {
  const written = [...definition.nodes.values()].filter(isWritten);
  const nodes = written.map((node) => `  ${nodeText(node, more.node?.(node) ?? '')}`);
  const edges = definition.edges.map((edge) => `  ${edgeText(definition, edge, more.edge?.(edge) ?? '')}`);
  return ['flowchart LR', ...nodes, ...frames(written), ...edges];
}

/** A frame around each scope; of a node in several the first is drawn. */
function frames(nodes: readonly FlowNode[]): readonly string[] {
  const scopes = new Map<string, string[]>();
  for (const node of nodes) {
    const [name] = ('scopes' in node ? node.scopes : null) ?? [];
    if (name !== undefined) scopes.set(name, [...(scopes.get(name) ?? []), `    ${drawnId(node.id)}`]);
  }
  return [...scopes].flatMap(([name, inside]) => [`  subgraph s_${name}["${label(name)}"]`, ...inside, '  end']);
}

/** The same with where an instance is: nodes coloured by state, taken edges thick, and what waits at joins. */
export function instanceDiagram(definition: Definition, drawn: DrawnInstance): string {
  const { nodes: rows, now = Number.POSITIVE_INFINITY } = drawn;
  const telling = tellingVisits(rows);
  const { arrivals } = drawn.instance.state;
  const chart = flowchart(definition, {
    node: ({ id }) => progress(telling.get(id), drawn),
    edge: ({ index }) => waitingText(arrivals[index]),
  });
  const marks = new Map<Mark, string[]>();
  for (const [id, node] of definition.nodes) {
    if (!isWritten(node)) continue;
    const mark = markOf(telling.get(id), now);
    marks.set(mark, [...(marks.get(mark) ?? []), drawnId(id)]);
  }
  return text([
    ...chart,
    ...[...marks.keys()].map((mark) => `  classDef ${mark} ${COLOURS[mark]}`),
    ...[...marks].map(([mark, ids]) => `  class ${ids.join(',')} ${mark}`),
    ...thick(takenEdges(drawn)),
  ]);
}

/** Edges that something has come along: those a visit was entered by, and those whose arrivals wait. */
export function takenEdges({ instance, nodes }: Pick<DrawnInstance, 'instance' | 'nodes'>): readonly number[] {
  const taken = new Set(nodes.flatMap((row) => row.via));
  for (const edge of Object.keys(instance.state.arrivals)) taken.add(Number(edge));
  for (const edge of Object.values(instance.state.absorbing).flat()) taken.add(edge);
  return [...taken].sort((a, b) => a - b);
}

function nodeText(node: FlowNode, more: string): string {
  const [open, close] = shape(node);
  const title = `${label(node.title ?? '') || label(titleOf(node))}${label(mergeText(node))}${label(secretText(node))}`;
  return `${drawnId(node.id)}${open}"${title}${more === '' ? '' : ` ${label(more)}`}"${close}`;
}

function shape(node: FlowNode): readonly [string, string] {
  switch (node.kind) {
    case 'start':
      return ['((', '))'];
    case 'end':
      return ['(((', ')))'];
    case 'gateway':
      return ['{', '}'];
    case 'join':
    case 'timer':
      return ['{{', '}}'];
    case 'wait':
      return ['([', '])'];
    case 'manual':
      return ['[/', '/]'];
    case 'call':
      return ['[[', ']]'];
    case 'task':
      if (node.tcc) return ['[(', ')]'];
      if (node.custom) return SHAPES[node.custom.shape];
      if (node.work) return node.work.type === 'rules' ? ['[/', '\\]'] : ['[\\', '/]'];
      return ['[', ']'];
    case 'compensate':
      return ['[\\', '\\]'];
    case 'set':
    case 'guard':
      return ['[', ']'];
  }
}

/** What a node without a title is called. */
function titleOf(node: FlowNode): string {
  switch (node.kind) {
    case 'join':
      return `${node.id}: ${joinText(node.join)}`;
    case 'wait':
      return `${node.id}: ${node.message}`;
    case 'call':
      return `${node.id}: ${node.flow}${eachText(node)}`;
    case 'task':
      if (node.tcc) return `${node.id}: ${node.tcc.participants.map(({ name }) => name).join(', ')}`;
      return `${node.id}${node.custom ? `: ${node.custom.name}` : ''}${eachText(node)}${node.batch ? `, up to ${node.batch.max} at once` : ''}`;
    case 'compensate':
      return `${node.id}: undo ${node.what}`;
    case 'timer':
      if ('ms' in node.timer) return `${node.id}: ${durationText(node.timer.ms)}`;
      if ('cron' in node.timer) return `${node.id}: ${node.timer.cron.text} ${node.timer.cron.zone}`;
      return `${node.id}: ${'for' in node.timer ? node.timer.for.text : node.timer.until.text}`;
    case 'gateway':
      return node.split
        ? `${node.id}: ${node.split.arms.map(({ name, weight }) => `${name} ${weight}`).join(', ')}`
        : node.id;
    default:
      return node.id;
  }
}

/** By name alone: who looks on sees what a node is given, and never what that is. */
function secretText(node: FlowNode): string {
  const names = secretsOf(node);
  return names.length > 0 ? `, given secret ${names.join(', ')}` : '';
}

function joinText(join: JoinRule | null): string {
  if (join?.type === 'arrivals') return `${join.count} arrivals`;
  if (join?.type !== 'count') return join?.type ?? 'each';
  return join.rest ? `${join.count}, ${join.rest} the rest` : `${join.count}`;
}

/** Variables that it makes of what its branches have written. */
function mergeText(node: FlowNode): string {
  const merges = ('merge' in node && node.merge) || [];
  const each = merges.map(({ name, rule }) => `${name} ${rule.type === 'by' ? rule.by.text : rule.type}`);
  return each.length > 0 ? `, merges ${each.join(', ')}` : '';
}

function progress(row: NodeInstance | undefined, { instance, nodes }: DrawnInstance): string {
  if (!row) return '';
  const visit = visitOf(row.visit);
  const items = itemCounts(instance, nodes, { node: row.node, visit });
  if (items)
    return [`${items.done}/${items.total}${items.open ? '+' : ''}`, ...(visit > 1 ? [`visit ${visit}`] : [])].join(
      ' · ',
    );
  const attempts = row.attempt > 1 ? [`×${row.attempt}`] : [];
  const visits = row.visit > 1 ? [`visit ${row.visit}`] : [];
  return [...attempts, ...visits].join(' · ');
}

const eachText = ({ each }: TaskNode | CallNode): string =>
  each ? `, each of ${each.list.text}${each.more ? ` and of ${each.more.message}` : ''}` : '';

const waitingText = (arrivals = 0): string => (arrivals > 0 ? `${arrivals} arrived` : '');

function edgeText({ lines }: Definition, { from, to, line: index }: Edge, waiting: string): string {
  const line = lines[index] as Line;
  const arrow = isBoundary(line.when.type) ? '-.->' : '-->';
  const says = [line.label ?? whenText(line), cancelsText(line), timesText(line), waiting]
    .filter((part) => label(part) !== '')
    .map(label);
  return `${drawnId(from)} ${arrow}${says.length > 0 ? `|"${says.join(' ')}"|` : ''} ${drawnId(to)}`;
}

const timesText = ({ times = 1 }: Pick<Line, 'times'>): string => (times > 1 ? `×${times}` : '');

/** The scopes that a line names to be cancelled. */
export const cancelsText = ({ cancels = [] }: Pick<Line, 'cancels'>): string =>
  cancels.length > 0 ? `cancels ${cancels.join(', ')}` : '';

/** A line's condition as it is written after the colon; empty when it is always taken. */
export function whenText({ when }: Pick<Line, 'when'>): string {
  switch (when.type) {
    case 'always':
      return '';
    case 'if':
      return when.condition.text;
    case 'else':
      return 'else';
    case 'error':
      return `on error ${when.pattern}`;
    case 'timeout':
    case 'exhausted':
      return `on ${when.type}`;
    case 'message':
    case 'after':
      return borderText(when);
  }
}

function borderText(on: BorderEvent): string {
  const beside = on.interrupts ? '' : ', beside';
  if (on.type === 'after') return `on timeout after ${durationText(on.afterMs)}${beside}`;
  const match = [...on.match].map(([member, { text }]) => `${member} = ${text}`).join(', ');
  const keep = on.keepMs === null ? '' : `, keep ${durationText(on.keepMs)}`;
  return `on message ${on.message}${match === '' ? '' : ` with ${match}`}${keep}${beside}`;
}

const thick = (edges: readonly number[]): string[] =>
  edges.length > 0 ? [`  linkStyle ${edges.join(',')} stroke:#2f9e44,stroke-width:3px`] : [];

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
