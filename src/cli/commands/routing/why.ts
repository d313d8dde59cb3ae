import { ApiClient } from '../../api/api-client.js';
import type { WhyView } from '../../api/wire.js';
import { type Terminal, table, visible } from '../../terminal.js';

/** Says why a node of an instance went to its lane, in a sentence and in full. */
export async function why(
  { id, node }: { readonly id: string; readonly node: string },
  { json, visit }: { readonly json: boolean; readonly visit?: string },
  terminal: Terminal,
): Promise<number> {
  const path = `/instances/${encodeURIComponent(id)}/nodes/${encodeURIComponent(node)}/why`;
  const view = await new ApiClient(terminal).get<WhyView>(path, { visit });
  terminal.out(json ? JSON.stringify(view, null, 2) : told(view));
  return 0;
}

function told({ node, visit, attempt, reason, subject, rules, opinions, asked }: WhyView): string {
  const lines = [visible(reason ?? `${node} needs no message, so it went to no lane.`)];
  if (reason !== null) lines.push(`attempt ${attempt}${visit > 1 ? ` of visit ${visit}` : ''}`);
  if (subject !== null) lines.push(visible(`subject ${subject}${rules === null ? '' : `   rules ${rules}`}`));
  for (const { node: to, subject: of, open, said } of asked)
    lines.push(visible(`circuit.open for '${to}' was ${open}: ${said ?? `nothing keeps ${of} back`}`));
  if (opinions.length === 0) return lines.join('\n');
  return [...lines, '', opinionTable(opinions)].join('\n');
}

/** Every opinion with what it won. */
export function opinionTable(opinions: WhyView['opinions']): string {
  const rows = opinions.map(({ stage, lane, delayMs, won, said }) => [
    stage,
    lane ?? '-',
    delayMs === null ? '-' : `${Math.ceil(delayMs / 100) / 10} s`,
    won.length > 0 ? won.join(', ') : '-',
    visible(said),
  ]);
  return table([['STAGE', 'LANE', 'DELAY', 'WON', 'SAID'], ...rows]);
}
