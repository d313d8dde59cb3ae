import { ApiClient } from '../../api/api-client.js';
import type { GroupRow } from '../../api/wire.js';
import { shortTime, type Terminal, table, visible } from '../../terminal.js';

/** Lists the groups of engines, and what waits for them. */
export async function groups({ json }: { readonly json: boolean }, terminal: Terminal): Promise<number> {
  const rows = await new ApiClient(terminal).get<readonly GroupRow[]>('/routing/groups');
  if (json) terminal.out(JSON.stringify(rows, null, 2));
  else if (rows.length === 0) terminal.err('There are no groups: the engine that answers is alone.');
  else terminal.out(table([['GROUP', 'ENGINES', 'UP', 'READY', 'OLDEST', 'HANDLERS'], ...rows.map(lineOf)]));
  return 0;
}

const lineOf = ({ group, own, up, upUntil, ready, oldestMs, handlers }: GroupRow): string[] => [
  own ? `${group} *` : group,
  String(up),
  up > 0 ? 'yes' : `until ${shortTime(upUntil)}`,
  ready === null ? '?' : String(ready),
  oldestMs < 1_000 ? '-' : `${Math.floor(oldestMs / 1_000)} s`,
  visible(handlers.join(' ')),
];
