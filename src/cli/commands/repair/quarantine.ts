import { ApiClient } from '../../api/api-client.js';
import type { QuarantineView } from '../../api/wire.js';
import { Refused, shortTime, type Terminal, visible } from '../../terminal.js';

const path = (id: string): string => `/quarantine/${encodeURIComponent(id)}`;

/** Shows a message that could not be used. */
export async function showQuarantined(id: string, { json }: { json: boolean }, terminal: Terminal): Promise<number> {
  const kept = await new ApiClient(terminal).get<QuarantineView>(path(id));
  if (json) {
    terminal.out(JSON.stringify(kept, null, 2));
    return 0;
  }
  const handled = kept.handledBy === null ? '' : ` by ${kept.handledBy} at ${shortTime(kept.handledAt ?? '')}`;
  const lines = [
    `${kept.source} ${kept.id}`,
    `${kept.state}${handled}, ${kept.replays} replays, kept ${shortTime(kept.at)}`,
    `${kept.code}: ${kept.reason}`,
    `exchange ${kept.exchange || '-'}   key ${kept.routingKey || '-'}   ${kept.size} B as ${kept.encoding}`,
    `headers ${JSON.stringify(kept.headers)}`,
    kept.body,
  ];
  terminal.out(lines.map(visible).join('\n'));
  return 0;
}

/** Does again what kept messages asked for; one that is refused stops none of the others. */
export function replayQuarantined(ids: readonly string[], terminal: Terminal): Promise<number> {
  return each(ids, terminal, async (client, id) => {
    const { instance } = await client.post<{ instance: string }>(`${path(id)}/replay`, {});
    terminal.out(instance);
  });
}

/** Marks kept messages as not wanted. */
export function discardQuarantined(ids: readonly string[], terminal: Terminal): Promise<number> {
  return each(ids, terminal, async (client, id) => {
    await client.post(`${path(id)}/discard`, {});
  });
}

async function each(
  ids: readonly string[],
  terminal: Terminal,
  act: (client: ApiClient, id: string) => Promise<void>,
): Promise<number> {
  const client = new ApiClient(terminal);
  let code = 0;
  for (const id of ids) {
    try {
      await act(client, id);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      terminal.err(`${visible(id)}: ${error.message}`);
      code = 1;
    }
  }
  return code;
}
