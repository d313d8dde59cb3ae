import { ApiClient } from '../api/api-client.js';
import type { IncidentRow, InstanceRow, Page, QuarantineRow, TaskRow, TriggerRow } from '../api/wire.js';
import { shortTime, type Terminal, table, visible } from '../terminal.js';

export interface PageOptions {
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: boolean;
}

export interface ListOptions extends PageOptions {
  readonly flow?: string;
  readonly play?: string;
  readonly status?: string;
  readonly key?: string;
}

/** Lists instances, newest first. */
export async function list({ json, ...query }: ListOptions, terminal: Terminal): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<InstanceRow>>('/instances', { ...query });
  const row = ({ id, flow, version, key, status, outcome, startedAt }: InstanceRow): string[] => [
    id,
    `${flow} v${version}`,
    key ?? '-',
    outcome === null ? status : `${status} (${outcome})`,
    shortTime(startedAt),
  ];
  return print(page, ['ID', 'FLOW', 'KEY', 'STATUS', 'STARTED'], row, json === true, terminal);
}

/** Lists open incidents, newest first. */
export async function incidents({ json, ...query }: PageOptions, terminal: Terminal): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<IncidentRow>>('/incidents', { ...query });
  const row = ({ instance, flow, key, node, code, message, raisedAt }: IncidentRow): string[] => [
    instance,
    flow,
    key ?? '-',
    node,
    code,
    shortTime(raisedAt),
    message,
  ];
  return print(page, ['INSTANCE', 'FLOW', 'KEY', 'NODE', 'CODE', 'RAISED', 'MESSAGE'], row, json === true, terminal);
}

/** Lists messages that could not be used, newest first. */
export async function quarantine(
  { json, ...query }: PageOptions & { readonly state?: string },
  terminal: Terminal,
): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<QuarantineRow>>('/quarantine', { ...query });
  const row = ({ id, source, routingKey, code, size, at, reason }: QuarantineRow): string[] => [
    id,
    source,
    routingKey || '-',
    code,
    `${size} B`,
    shortTime(at),
    reason,
  ];
  return print(page, ['ID', 'SOURCE', 'KEY', 'CODE', 'SIZE', 'AT', 'REASON'], row, json === true, terminal);
}

export interface TasksOptions extends PageOptions {
  readonly mine?: boolean;
  readonly assignee?: string;
  readonly flow?: string;
}

/** Lists what people are asked to do, the oldest first. */
export async function tasks({ json, mine, ...query }: TasksOptions, terminal: Terminal): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<TaskRow>>('/tasks', { ...query, ...(mine && { mine: 'true' }) });
  const row = ({ instance, flow, key, node, title, assignee, openedAt, dueAt, overdue }: TaskRow): string[] => [
    instance,
    flow,
    key ?? '-',
    node,
    assignee ?? '-',
    shortTime(openedAt),
    dueAt === null ? '-' : `${shortTime(dueAt)}${overdue ? ' (late)' : ''}`,
    title,
  ];
  const head = ['INSTANCE', 'FLOW', 'KEY', 'NODE', 'ASSIGNEE', 'SINCE', 'DUE', 'TITLE'];
  return print(page, head, row, json === true, terminal);
}

/** Lists the triggers in force, with what became of the events that they heard. */
export async function triggers({ json }: { readonly json?: boolean }, terminal: Terminal): Promise<number> {
  const items = await new ApiClient(terminal).get<readonly TriggerRow[]>('/triggers');
  if (json) {
    terminal.out(JSON.stringify(items, null, 2));
    return 0;
  }
  const row = ({ code, on, cron, flow, play, playsOf, counts, lastAt }: TriggerRow): string[] => [
    code,
    on ?? (cron ? `${cron.text} ${cron.zone}` : '-'),
    flow ?? (play === null ? `plays of ${playsOf}` : `play ${play}`),
    ...[counts.started, counts.duplicate, counts.passed, counts.over, counts.failed].map(String),
    lastAt === null ? '-' : shortTime(lastAt),
    cron?.nextAt ? shortTime(cron.nextAt) : '-',
  ];
  const head = ['CODE', 'ON', 'STARTS', 'STARTED', 'DUPLICATE', 'PASSED', 'OVER', 'FAILED', 'LAST', 'NEXT'];
  return print({ items, next: null }, head, row, false, terminal);
}

/** Writes a page as a table, and how to go on. */
export function print<T>(
  page: Page<T>,
  head: string[],
  row: (item: T) => string[],
  json: boolean,
  terminal: Terminal,
): number {
  if (json) {
    terminal.out(JSON.stringify(page, null, 2));
    return 0;
  }
  if (page.items.length > 0) terminal.out(table([head, ...page.items.map((item) => row(item).map(visible))]));
  else terminal.err('There are none.');
  if (page.next !== null) terminal.err(`There are more: add --cursor ${visible(page.next)}`);
  return 0;
}
