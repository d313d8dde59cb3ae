import { ApiClient } from '../../api/api-client.js';
import type { OverrideRow } from '../../api/wire.js';
import { Refused, shortTime, type Terminal, table, visible } from '../../terminal.js';
import { spanMs } from './span.js';

export interface OverrideOptions {
  readonly code?: string;
  readonly reason: string;
  readonly flow?: string;
  readonly node?: string;
  readonly handler?: string;
  readonly tag?: string;
  readonly subject?: string;
  readonly dim?: readonly string[];
  readonly lane?: string;
  readonly hold?: true;
  readonly ignoreCircuit?: true;
  readonly circuit?: string;
  readonly freeze?: true;
  readonly for?: string;
  readonly until?: string;
  readonly json?: boolean;
}

/** Lists the overrides in force. */
export async function overrides({ json }: { readonly json: boolean }, terminal: Terminal): Promise<number> {
  const rows = await new ApiClient(terminal).get<readonly OverrideRow[]>('/routing/overrides');
  if (json) terminal.out(JSON.stringify(rows, null, 2));
  else if (rows.length === 0) terminal.err('There are none.');
  else terminal.out(table([['CODE', 'FOR', 'SAYS', 'UNTIL', 'BY', 'HITS', 'REASON'], ...rows.map(row)]));
  return 0;
}

/** Puts an override in force; writes its code. */
export async function setOverride(options: OverrideOptions, terminal: Terminal): Promise<number> {
  const { code, reason, flow, node, handler, tag, subject, dim = [], json } = options;
  const { lane, hold, ignoreCircuit, circuit, freeze } = options;
  const match = { flow, node, handler, tag, subject, ...(dim.length > 0 && { dims: dimsOf(dim) }) };
  const says = { lane, hold, ignoreCircuit, circuit, freeze };
  const set = await new ApiClient(terminal).post<OverrideRow>('/routing/overrides', {
    ...(code !== undefined && { code }),
    match,
    ...says,
    until: endOf(options),
    reason,
  });
  terminal.out(json ? JSON.stringify(set, null, 2) : set.code);
  if (!json) terminal.err(`In force until ${shortTime(set.until)}. End it with: sluice override remove ${set.code}`);
  return 0;
}

/** Ends an override. */
export async function removeOverride(
  code: string,
  { reason }: { readonly reason?: string },
  terminal: Terminal,
): Promise<number> {
  await new ApiClient(terminal).post(`/routing/overrides/${encodeURIComponent(code)}/remove`, { reason });
  terminal.err('Ended.');
  return 0;
}

function row({
  code,
  match,
  lane,
  hold,
  circuit,
  ignoreCircuit,
  freeze,
  until,
  by,
  hits,
  reason,
}: OverrideRow): string[] {
  const says = [
    lane && `lane ${lane}`,
    hold && 'hold',
    circuit && `circuit ${circuit}`,
    ignoreCircuit && 'ignore circuits',
    freeze && 'freeze',
  ];
  const told = says.filter(Boolean).join(', ');
  const about = Object.keys(match).length === 0 ? 'everything' : JSON.stringify(match);
  return [code, about, told, shortTime(until), by ?? '(file)', String(hits), reason].map(visible);
}

function endOf({ for: span, until }: OverrideOptions): string | undefined {
  if (span === undefined) return until;
  if (until !== undefined) throw new Refused('Expected --for or --until, but there are both. Leave one out.', 2);
  return new Date(Date.now() + spanMs(span, '--for')).toISOString();
}

function dimsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new Refused(`Expected --dim to be name=value, but it is '${visible(text)}'.`, 2);
    }),
  );
}
