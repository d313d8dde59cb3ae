import { ApiClient } from '../api/api-client.js';
import type { MigratedOne } from '../api/wire.js';
import { type Terminal, table, visible } from '../terminal.js';
import { versionOf } from './activate.js';

export interface MigrateOptions {
  readonly to: string;
  readonly from?: string;
  readonly instance?: readonly string[];
  /** Without it nothing is changed. */
  readonly apply?: true;
  readonly json?: boolean;
}

/** Lets instances go on in another version, or says which could. 0: all of them; 1: some stay as they are. */
export async function migrate(flow: string, options: MigrateOptions, terminal: Terminal): Promise<number> {
  const { from, instance, apply } = options;
  const body = {
    to: versionOf(options.to, '--to'),
    ...(from !== undefined && { from: versionOf(from, '--from') }),
    ...(instance !== undefined && { instances: instance }),
    dryRun: !apply,
  };
  const client = new ApiClient(terminal);
  const items: MigratedOne[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: { items: MigratedOne[]; next: string | null } = await client.post(
      `/definitions/${encodeURIComponent(flow)}/migrate`,
      cursor === undefined ? body : { ...body, cursor },
    );
    items.push(...page.items);
    cursor = page.next;
  }
  if (options.json) terminal.out(JSON.stringify(items, null, 2));
  else if (items.length > 0)
    terminal.out(table([['INSTANCE', 'KEY', 'FROM', 'COMES OF IT', 'WHERE'], ...items.map(row)]));
  const counted = (outcome: MigratedOne['outcome']): number => items.filter((one) => one.outcome === outcome).length;
  const done = apply ? `${counted('moved')} moved` : `${counted('moves')} would move`;
  const left = counted('stays') + counted('busy');
  terminal.err(`${done}, ${left} stay${apply ? '' : '. Nothing was changed; --apply moves them'}.`);
  return left > 0 ? 1 : 0;
}

function row({ instance, key, from, outcome, nodes, obstacles }: MigratedOne): string[] {
  const why = obstacles.map(({ code, message }) => `${code} ${message}`).join(' ');
  const where = nodes.map(({ node, status }) => `${node} ${status}`).join(', ');
  return [instance, key ?? '-', String(from), outcome, why || where].map(visible);
}
