import { ApiClient } from '../../api/api-client.js';
import type { ExplainView, ReplayView } from '../../api/wire.js';
import { Refused, type Terminal, table, visible } from '../../terminal.js';
import { readRulesFile } from './read-rules-file.js';
import { opinionTable } from './why.js';

export interface ExplainOptions {
  readonly handler?: string;
  readonly attempt?: string;
  readonly polls?: string;
  readonly dim?: string;
  readonly rules?: string;
  readonly json?: boolean;
}

/** Says where a message would go now, in a sentence and in full. */
export async function explain(
  about: { readonly flow: string; readonly node?: string },
  { handler, attempt, polls, dim, rules, json }: ExplainOptions,
  terminal: Terminal,
): Promise<number> {
  const view = await new ApiClient(terminal).post<ExplainView>('/routing/explain', {
    ...about,
    handler,
    attempt: numberOf(attempt, '--attempt'),
    polls: numberOf(polls, '--polls'),
    dims: dim === undefined ? undefined : dimOf(dim),
    source: rules === undefined ? undefined : readRulesFile(rules, terminal),
  });
  if (json) terminal.out(JSON.stringify(view, null, 2));
  else {
    const subject = view.message.subject === null ? [] : [`subject ${view.message.subject}`];
    terminal.out([...[view.reason, ...subject].map(visible), '', opinionTable(view.opinions)].join('\n'));
  }
  return 0;
}

/** Says what of the latest decisions a file of rules would have changed. */
export async function tryRules(
  file: string,
  { last, json }: { readonly last?: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const body = { source: readRulesFile(file, terminal), last: numberOf(last, '--last') };
  const { looked, moved, later, sooner, ...rest } = await new ApiClient(terminal).post<ReplayView>(
    '/routing/replay',
    body,
  );
  if (json) terminal.out(JSON.stringify({ looked, moved, later, sooner, ...rest }, null, 2));
  else {
    const rows = moved.map(({ from, to, count, samples: [first] }) =>
      [String(count), from, to, first ? `${first.instance} ${first.node}` : '-', first?.reason ?? '-'].map(visible),
    );
    if (rows.length > 0) terminal.out(table([['COUNT', 'FROM', 'TO', 'SUCH AS', 'WHY'], ...rows]));
    terminal.err(`Of ${looked} decisions; a rule would delay ${later} longer, and ${sooner} shorter.`);
  }
  return 0;
}

function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new Refused(`Expected ${name} to be a whole number, but it is '${visible(text)}'.`, 2);
}

function dimOf(text: string): Record<string, string> {
  const at = text.indexOf('=');
  if (at > 0) return { [text.slice(0, at)]: text.slice(at + 1) };
  throw new Refused(`Expected --dim to be name=value, but it is '${visible(text)}'.`, 2);
}
