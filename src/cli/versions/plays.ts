import { randomUUID } from 'node:crypto';
import { ApiClient } from '../api/api-client.js';
import type { Page } from '../api/wire.js';
import { type PageOptions, print } from '../commands/lists.js';
import { readInput } from '../input/read-input.js';
import { Refused, shortTime, type Terminal, table, visible } from '../terminal.js';

interface PlayRow {
  readonly code: string;
  readonly title: string | null;
  readonly flow: string;
  readonly state: string;
  readonly revision: number;
  readonly params: unknown;
  readonly window: { readonly from: string | null; readonly to: string | null } | null;
  readonly audience: string | null;
  readonly quota: { readonly max: number; readonly by: string | null } | null;
  readonly what: string;
  readonly by: string;
  readonly reason: string | null;
  readonly at: string;
}

interface PlayListRow extends PlayRow {
  readonly counts: Readonly<Record<'started' | 'duplicate' | 'passed' | 'over' | 'failed', number>>;
}

interface PlayView extends PlayListRow {
  readonly instances: Readonly<Record<string, number>>;
}

interface Started {
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly status: string;
  readonly duplicate?: boolean;
}

/** What is said of a play on the command line. An empty text takes away what was said before. */
export interface PlayOptions {
  readonly title?: string;
  readonly params?: string;
  readonly from?: string;
  readonly to?: string;
  readonly audience?: string;
  readonly max?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly revision?: string;
}

const at = (code: string, what = ''): string => `/plays/${encodeURIComponent(code)}${what}`;

/** Lists plays, by code. */
export async function plays(
  { json, ...query }: PageOptions & { readonly flow?: string; readonly state?: string },
  terminal: Terminal,
): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<PlayListRow>>('/plays', { ...query });
  const row = ({ code, flow, state, revision, counts }: PlayListRow): string[] => [
    code,
    flow,
    state,
    String(revision),
    ...[counts.started, counts.duplicate, counts.passed, counts.over, counts.failed].map(String),
  ];
  const head = ['CODE', 'FLOW', 'STATE', 'REVISION', 'STARTED', 'DUPLICATE', 'PASSED', 'OVER', 'FAILED'];
  return print(page, head, row, json === true, terminal);
}

/** Shows a play with what it has started. */
export async function showPlay(
  code: string,
  { json }: { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const play = await new ApiClient(terminal).get<PlayView>(at(code));
  if (json) terminal.out(JSON.stringify(play, null, 2));
  else {
    const instances = Object.entries(play.instances).map(([status, many]) => `${many} ${status}`);
    const lines = [
      ['play', `${play.code}${play.title ? `: ${play.title}` : ''}`],
      ['flow', play.flow],
      ['state', `${play.state}, revision ${play.revision}: ${play.what} by ${play.by} at ${shortTime(play.at)}`],
      ['reason', play.reason ?? '-'],
      ['params', JSON.stringify(play.params)],
      ['window', play.window ? `${play.window.from ?? ''} to ${play.window.to ?? ''}` : 'always'],
      ['audience', play.audience ?? 'everybody'],
      ['quota', play.quota ? `${play.quota.max}${play.quota.by ? ` per ${play.quota.by}` : ''}` : 'none'],
      ['started', instances.join(', ') || 'nothing'],
    ] as const;
    terminal.out(table(lines.map((line) => line.map(visible))));
  }
  return 0;
}

/** Lists all that a play ever was, newest first. */
export async function playRevisions(
  code: string,
  { json, ...query }: PageOptions,
  terminal: Terminal,
): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<PlayRow>>(at(code, '/revisions'), { ...query });
  const row = ({ revision, what, by, reason, params, ...more }: PlayRow): string[] => [
    String(revision),
    what,
    by,
    shortTime(more.at),
    JSON.stringify(params),
    reason ?? '-',
  ];
  return print(page, ['REVISION', 'WHAT', 'BY', 'AT', 'PARAMS', 'REASON'], row, json === true, terminal);
}

/** Configures a flow. */
export async function createPlay(
  code: string,
  { flow, ...options }: PlayOptions & { readonly flow: string },
  terminal: Terminal,
): Promise<number> {
  const body = { code, flow, ...(await bodyOf(options, terminal)) };
  return told(await new ApiClient(terminal).post<PlayRow>('/plays', body), terminal);
}

/** Changes a play: what is not named stays as it was, but parameters are given whole. */
export async function changePlay(code: string, options: PlayOptions, terminal: Terminal): Promise<number> {
  const { revision } = options;
  const { reason: _reason, revision: _revision, ...changes } = options;
  if (Object.keys(changes).length === 0)
    throw new Refused('Expected something to change, but nothing is named. Name it: sluice plays change --help', 2);
  const client = new ApiClient(terminal);
  const said = revision === undefined ? {} : { revision: wholeNumber(revision, '--revision') };
  const isHalf = (one: string | undefined, other: string | undefined) => (one === undefined) !== (other === undefined);
  const half = isHalf(options.from, options.to) || (isHalf(options.max, options.by) && options.max !== '');
  const there = half ? await client.get<PlayView>(at(code)) : null;
  const whole = there ? withOtherHalf(options, there) : options;
  const body = { ...(there && { revision: there.revision }), ...(await bodyOf(whole, terminal)), ...said };
  return told(await client.post<PlayRow>(at(code, '/change'), body), terminal);
}

/** A window and a quota are given whole: who names one half of it does not mean to take away the other. */
function withOtherHalf(options: PlayOptions, { window, quota }: PlayView): PlayOptions {
  const { from = window?.from ?? '', to = window?.to ?? '' } = options;
  const { max = quota ? String(quota.max) : '', by = quota?.by ?? '' } = options;
  return {
    ...options,
    ...((options.from ?? options.to) !== undefined && { from, to }),
    ...((options.max ?? options.by) !== undefined && { max, by }),
  };
}

/** Pauses, resumes or ends a play. */
export async function turnPlay(
  code: string,
  verb: 'pause' | 'resume' | 'end',
  { reason }: { readonly reason?: string },
  terminal: Terminal,
): Promise<number> {
  return told(await new ApiClient(terminal).post<PlayRow>(at(code, `/${verb}`), reason ? { reason } : {}), terminal);
}

export interface StartPlayOptions {
  readonly input?: string;
  readonly key?: string;
  readonly receipt?: string;
  readonly json?: boolean;
}

/** Starts an instance by a play. */
export async function startPlay(code: string, options: StartPlayOptions, terminal: Terminal): Promise<number> {
  const { key, json, receipt = randomUUID() } = options;
  const body = { input: await readInput(options.input, terminal), ...(key === undefined ? {} : { key }) };
  const started = await new ApiClient(terminal).post<Started>(at(code, '/start'), body, receipt);
  terminal.out(json ? JSON.stringify(started, null, 2) : started.id);
  if (started.duplicate) terminal.err(`It was there before: ${started.flow} v${started.version} is ${started.status}.`);
  return 0;
}

async function bodyOf(options: PlayOptions, terminal: Terminal): Promise<Record<string, unknown>> {
  const { title, params, from, to, audience, max, by, reason } = options;
  if (by && !max) throw new Refused('Expected --by beside --max, but there is no bound. Say how many starts.', 2);
  const ends = { ...(from && { from }), ...(to && { to }) };
  const quota = max && { max: wholeNumber(max, '--max'), ...(by && { by }) };
  return {
    ...(title !== undefined && { title: title || null }),
    ...(params !== undefined && { params: await readInput(params, terminal) }),
    ...((from !== undefined || to !== undefined) && { window: Object.keys(ends).length > 0 ? ends : null }),
    ...(audience !== undefined && { audience: audience || null }),
    ...(max !== undefined && { quota: quota || null }),
    ...(reason && { reason }),
  };
}

function told({ code, state, revision }: PlayRow, terminal: Terminal): number {
  terminal.err(`${code} is ${state}, in revision ${revision}.`);
  return 0;
}

function wholeNumber(text: string, name: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new Refused(`Expected ${name} to be a whole number from 1, but it is '${text.slice(0, 40)}'.`, 2);
}
