import { ApiClient } from '../api/api-client.js';
import type { VersionsView } from '../api/wire.js';
import { Refused, type Terminal, table, visible } from '../terminal.js';

/** Lists the versions of a flow, and marks the one that starts get. */
export async function versions(flow: string, { json }: { json?: boolean }, terminal: Terminal): Promise<number> {
  const answer = await new ApiClient(terminal).get<VersionsView>(`/definitions/${encodeURIComponent(flow)}/versions`);
  if (json) terminal.out(JSON.stringify(answer, null, 2));
  else {
    const { starts, activated } = answer;
    const how = activated ? `activated by ${visible(activated.by)} at ${activated.at}` : 'the newest';
    const rows = answer.versions.map(({ version, publishedAt }) => {
      return [String(version), publishedAt, version === starts ? `starts get it: ${how}` : ''];
    });
    terminal.out(table([['VERSION', 'PUBLISHED', ''], ...rows]));
  }
  return 0;
}

/** Lets starts get a version. */
export async function activate(flow: string, version: string, terminal: Terminal): Promise<number> {
  const body = { version: versionOf(version, 'the version') };
  const { starts } = await new ApiClient(terminal).post<VersionsView>(
    `/definitions/${encodeURIComponent(flow)}/activate`,
    body,
  );
  terminal.err(`Starts of ${flow} get version ${starts}, until a new one is published.`);
  return 0;
}

export function versionOf(text: string, name: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Refused(`Expected ${name} to be a whole number from 1, but it is '${visible(text)}'.`, 2);
}
