import { ApiClient } from '../api/api-client.js';
import type { AuditRow, Page } from '../api/wire.js';
import { type PageOptions, print } from '../commands/lists.js';
import { shortTime, type Terminal } from '../terminal.js';

export interface AuditOptions extends PageOptions {
  readonly flow?: string;
  readonly instance?: string;
  readonly who?: string;
}

/** Lists who did what, newest first. */
export async function audit({ json, ...query }: AuditOptions, terminal: Terminal): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<AuditRow>>('/audit', { ...query });
  return print(page, ['WHEN', 'WHO', 'DID', 'TO', 'ANSWER', 'DETAIL'], row, json === true, terminal);
}

function row({ at, who, action, flow, instance, node, status, detail }: AuditRow): string[] {
  const to = [flow, instance, node].filter((one) => one !== null).join(' ') || '-';
  const told = Object.entries(detail).map(([name, value]) => `${name}=${String(value)}`);
  return [shortTime(at), who, action, to, String(status), told.join(' ')];
}
