import { ApiClient } from '../../api/api-client.js';
import type { RepairView } from '../../api/wire.js';
import { shortTime, type Terminal, table, visible } from '../../terminal.js';

/** Shows how the engine that answers keeps itself right. */
export async function repair({ json }: { json: boolean }, terminal: Terminal): Promise<number> {
  const view = await new ApiClient(terminal).get<RepairView>('/repair');
  terminal.out(json ? JSON.stringify(view, null, 2) : reportOf(view));
  return 0;
}

/** Sends every dispatch that is due again. */
export async function republish(terminal: Terminal): Promise<number> {
  const { dispatches } = await new ApiClient(terminal).post<{ dispatches: number }>('/repair/republish', {});
  terminal.out(String(dispatches));
  terminal.err('Sent again. What still lay in a queue is told to be a duplicate when it comes.');
  return 0;
}

function reportOf({ loops, lanes, inHand, waitingCommits, unconfirmed, broker, database, counts }: RepairView): string {
  const ready = broker.ready ? (broker.blocked ? 'blocked' : 'ready') : 'away';
  const answers = database.up ? `answers in ${database.pingMs} ms` : 'takes no writes';
  return [
    `broker ${ready}   database ${answers}`,
    `in hand ${inHand}   waiting commits ${waitingCommits}   unconfirmed batches ${unconfirmed}`,
    '',
    table([
      ['LOOP', 'EVERY', 'ROUNDS', 'FAILED', 'LAST', 'TOOK', 'LAST ERROR'],
      ...loops.map((loop) => [
        loop.name,
        `${loop.everyMs / 1_000} s`,
        String(loop.rounds),
        String(loop.failed),
        timeOf(loop.lastAt),
        loop.lastMs === null ? '-' : `${loop.lastMs} ms`,
        visible(loop.lastError ?? '-'),
      ]),
    ]),
    '',
    table([
      ['LANE', 'READY', 'DELIVERED UP TO'],
      ...lanes.map(({ lane, depth, watermark }) => [lane, depth === null ? '?' : String(depth), timeOf(watermark)]),
    ]),
    '',
    table(Object.entries(counts).map(([name, count]) => [name, String(count)])),
  ].join('\n');
}

const timeOf = (iso: string | null): string => (iso === null ? '-' : shortTime(iso));
