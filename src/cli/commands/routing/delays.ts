import { ApiClient } from '../../api/api-client.js';
import type { DelayRow, Page } from '../../api/wire.js';
import { Refused, shortTime, type Terminal } from '../../terminal.js';
import { type PageOptions, print } from '../lists.js';
import { spanMs } from './span.js';

export interface MoveOptions {
  readonly visit?: string;
  readonly dispatch?: string;
  readonly for?: string;
  readonly until?: string;
}

/** Lists what waits for its time, the next one first. */
export async function delays(
  { json, ...query }: PageOptions & { readonly flow?: string; readonly lane?: string },
  terminal: Terminal,
): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<DelayRow>>('/delays', { ...query });
  const row = ({ dueAt, kind, flow, key, instance, node, visit, attempt, lane, reason }: DelayRow): string[] => [
    shortTime(dueAt),
    kind,
    flow,
    key ?? '-',
    instance,
    visit > 1 ? `${node} (visit ${visit})` : node,
    String(attempt),
    lane ?? '-',
    reason ?? '-',
  ];
  const head = ['DUE', 'WAITS FOR', 'FLOW', 'KEY', 'INSTANCE', 'NODE', 'ATTEMPT', 'LANE', 'WHY'];
  return print(page, head, row, json === true, terminal);
}

/** Lets a node that waits go now, or at another time. */
export async function moveDelay(
  { id, node }: { readonly id: string; readonly node: string },
  { visit, dispatch, for: span, until }: MoveOptions,
  terminal: Terminal,
): Promise<number> {
  if (span !== undefined && until !== undefined)
    throw new Refused('Expected --for or --until, but there are both. Leave one out.', 2);
  const dueAt = span === undefined ? until : new Date(Date.now() + spanMs(span, '--for')).toISOString();
  const path = `/instances/${encodeURIComponent(id)}/nodes/${encodeURIComponent(node)}/reschedule`;
  const body = { visit: numberOf(visit, '--visit'), dispatch: numberOf(dispatch, '--dispatch'), dueAt };
  await new ApiClient(terminal).post(path, body);
  terminal.err(dueAt === undefined ? 'It goes now.' : `It goes at ${shortTime(new Date(dueAt).toISOString())}.`);
  return 0;
}

export interface CancelOptions extends Pick<MoveOptions, 'visit' | 'dispatch'> {
  readonly reason: string;
}

/** Keeps a node that waits from going at its time; it becomes an incident. */
export async function cancelDelay(
  { id, node }: { readonly id: string; readonly node: string },
  { visit, dispatch, reason }: CancelOptions,
  terminal: Terminal,
): Promise<number> {
  const path = `/instances/${encodeURIComponent(id)}/nodes/${encodeURIComponent(node)}/cancel-delay`;
  const body = { visit: numberOf(visit, '--visit'), dispatch: numberOf(dispatch, '--dispatch'), reason };
  await new ApiClient(terminal).post(path, body);
  terminal.err(`It waits no more, and is an incident. To go on after all: sluice retry ${id} --node ${node}`);
  return 0;
}

function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Refused(`Expected ${name} to be a whole number from 1, but it is '${text}'.`, 2);
}
