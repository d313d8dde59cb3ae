import { isUndo, itemOf, visitOf } from '../../../core/definition/work/each.js';
import { ApiClient } from '../../api/api-client.js';
import type { InstanceView } from '../../api/wire.js';
import { type Colour, painter, shortTime, type Terminal, visible } from '../../terminal.js';
import type { ShownInstance, ShownNode } from './shown.js';

/** A glyph and a colour for every state that people are shown. */
const LOOKS: Readonly<Record<string, readonly [string, Colour]>> = {
  queued: ['○', 'blue'],
  running: ['▶', 'blue'],
  delayed: ['◷', 'magenta'],
  retrying: ['↻', 'yellow'],
  waiting: ['◷', 'magenta'],
  done: ['✓', 'green'],
  degraded: ['✓', 'yellow'],
  completed: ['✓', 'green'],
  incident: ['✗', 'red'],
  failed: ['✗', 'red'],
  cancelled: ['⊘', 'dim'],
  compensated: ['↶', 'yellow'],
  compensating: ['↶', 'yellow'],
  skipped: ['⊘', 'dim'],
};

/** Shows an instance: where it is, what was tried, and why it went to that lane. */
export async function show(id: string, { json }: { json: boolean }, terminal: Terminal): Promise<number> {
  const view = await new ApiClient(terminal).get<InstanceView>(`/instances/${encodeURIComponent(id)}`);
  terminal.out(json ? JSON.stringify(view, null, 2) : instanceTree(view, terminal));
  return 0;
}

/** The instance as a tree of lines. */
export function instanceTree(view: ShownInstance, terminal: Pick<Terminal, 'colour'>): string {
  const paint = painter(terminal);
  const look = (state: string): string => {
    const [glyph, colour] = LOOKS[state] ?? ['·', 'dim'];
    return paint(colour, `${glyph} ${state}`);
  };
  const outcome = view.outcome === null ? '' : ` (${visible(view.outcome)})`;
  const key = view.key === null ? '' : `   key ${visible(view.key)}`;
  const ended = view.endedAt === null ? '' : `   ended ${shortTime(view.endedAt)}`;
  const lines = [
    `${paint('bold', `${view.flow} v${view.version}`)}  ${view.id}`,
    `${look(view.status)}${outcome}${key}   started ${shortTime(view.startedAt)}${ended}`,
  ];
  view.nodes.forEach((node, at) => {
    const last = at === view.nodes.length - 1;
    lines.push(`${last ? '└─' : '├─'} ${look(node.shown)}  ${paint('bold', nameOf(node))}`);
    for (const more of details(node, view)) lines.push(`${last ? '  ' : '│ '}    ${visible(more)}`);
  });
  return lines.join('\n');
}

function nameOf({ node, visit, attempt }: ShownNode): string {
  const [which, item] = [visitOf(visit), itemOf(visit)];
  return `${node}${which > 1 ? ` visit ${which}` : ''}${item === null ? '' : ` item ${item}`}${isUndo(visit) ? ' undo' : ''}${attempt > 1 ? ` ×${attempt}` : ''}`;
}

/** What there is to say of a node beside its state: the tries, the lane and why, what hangs, and what it waits for. */
function details(node: ShownNode, { incidents }: ShownInstance): string[] {
  const lines = node.attempts.map(({ attempt, how, decision, error }) => {
    return `attempt ${attempt} ${how}${error ? ` ${error.code}: ${error.message}` : ''} → ${decision}`;
  });
  if (node.endedAt === null && node.lane !== null) lines.push(`lane ${node.reason ?? node.lane}`);
  if (node.shown === 'degraded' && node.reason !== null) lines.push(node.reason);
  const waits = ['delayed', 'retrying', 'waiting'].includes(node.shown) && node.wakeAt !== null;
  if (waits && node.wakeAt !== null) lines.push(`due ${shortTime(node.wakeAt)}`);
  if (node.polls > 0) lines.push(`asked again ${node.polls} times`);
  for (const incident of incidents.filter((open) => open.node === node.node && open.visit === node.visit)) {
    lines.push(`${incident.code}: ${incident.message}`);
  }
  return lines;
}
