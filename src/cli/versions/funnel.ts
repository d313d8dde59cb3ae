import { ApiClient } from '../api/api-client.js';
import type { FunnelView } from '../api/wire.js';
import { type Terminal, table } from '../terminal.js';

export interface FunnelOptions {
  readonly flowVersion?: string;
  readonly last?: string;
  readonly json?: boolean;
}

/** Tells how far the newest instances of a flow came. */
export async function funnel(flow: string, options: FunnelOptions, terminal: Terminal): Promise<number> {
  const { flowVersion: version, last, json } = options;
  const query = { ...(version !== undefined && { version }), ...(last !== undefined && { last }) };
  const path = `/definitions/${encodeURIComponent(flow)}/funnel`;
  const view = await new ApiClient(terminal).get<FunnelView>(path, query);
  if (json) {
    terminal.out(JSON.stringify(view, null, 2));
    return 0;
  }
  const share = (count: number): string =>
    view.instances === 0 ? '-' : `${Math.round((100 * count) / view.instances)} %`;
  const rows = view.nodes.map(({ node, entered, passed, stands, incidents }) => {
    return [node, String(entered), share(entered), String(passed), String(stands), String(incidents)];
  });
  terminal.out(table([['NODE', 'ENTERED', 'OF ALL', 'WENT ON', 'STAND', 'INCIDENTS'], ...rows]));
  terminal.err(`Of the newest ${view.instances} of version ${view.version}.`);
  return 0;
}
