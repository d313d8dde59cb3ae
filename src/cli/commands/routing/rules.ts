import { ApiClient, ApiRefusal } from '../../api/api-client.js';
import type { Page, PlacedProblem, RoutingChangeRow, RuleList, RulesRow, RulesView } from '../../api/wire.js';
import { shortTime, type Terminal, table, visible } from '../../terminal.js';
import { type PageOptions, print } from '../lists.js';
import { readRulesFile } from './read-rules-file.js';

/** Lists the rules in force, in the order in which they are asked. */
export async function rules({ json }: { readonly json: boolean }, terminal: Terminal): Promise<number> {
  const list = await new ApiClient(terminal).get<RuleList>('/routing/rules');
  if (json) terminal.out(JSON.stringify(list, null, 2));
  else if (list.rules.length === 0) terminal.err('There are none.');
  else {
    const rows = list.rules.map(({ code, match, lane, minDelayMs, limit, rate, origin, hits, reason }) =>
      [
        code,
        Object.keys(match).length === 0 ? 'everything' : JSON.stringify(match),
        lane ?? '-',
        [
          minDelayMs > 0 && `${minDelayMs / 1_000} s`,
          limit !== null && `${limit} at once`,
          rate && `${rate.max} in ${rate.perMs / 1_000} s`,
        ]
          .filter(Boolean)
          .join(', ') || '-',
        origin,
        hits === 0 ? 'never' : String(hits),
        reason,
      ].map(visible),
    );
    terminal.out(table([['CODE', 'FOR', 'LANE', 'DELAY', 'FROM', 'HITS', 'REASON'], ...rows]));
    terminal.err(`Version ${list.version}.`);
  }
  return 0;
}

/** Publishes a file of rules. */
export async function publishRules(
  file: string,
  { note }: { readonly note?: string },
  terminal: Terminal,
): Promise<number> {
  const source = readRulesFile(file, terminal);
  return inForce(file, terminal, (client) => client.post('/routing/rules', { source, note }));
}

/** Publishes the content of an earlier version anew. */
export function restoreRules(
  version: string,
  { reason }: { readonly reason?: string },
  terminal: Terminal,
): Promise<number> {
  const path = `/routing/rules/versions/${encodeURIComponent(version)}/restore`;
  return inForce(`v${version}`, terminal, (client) => client.post(path, { reason }));
}

/** Writes the source of a published version. */
export async function showRules(version: string, terminal: Terminal): Promise<number> {
  const path = `/routing/rules/versions/${encodeURIComponent(version)}`;
  terminal.out((await new ApiClient(terminal).get<RulesView>(path)).source.trimEnd());
  return 0;
}

/** Lists the published versions, newest first. */
export async function rulesVersions({ json, ...query }: PageOptions, terminal: Terminal): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<RulesRow>>('/routing/rules/versions', { ...query });
  const row = ({ version, at, by, note, restores }: RulesRow): string[] => {
    const why = [restores === null ? null : `restores ${restores}`, note].filter((part) => part !== null);
    return [String(version), shortTime(at), by, why.join(': ') || '-'];
  };
  return print(page, ['VERSION', 'AT', 'BY', 'WHY'], row, json === true, terminal);
}

/** Lists who told the router what, newest first. */
export async function routingChanges({ json, ...query }: PageOptions, terminal: Terminal): Promise<number> {
  const page = await new ApiClient(terminal).get<Page<RoutingChangeRow>>('/routing/changes', { ...query });
  const row = ({ id, at, by, kind, ref, reason }: RoutingChangeRow): string[] => {
    return [String(id), shortTime(at), by, kind, ref, reason ?? '-'];
  };
  return print(page, ['ID', 'AT', 'BY', 'WHAT', 'WHICH', 'WHY'], row, json === true, terminal);
}

interface Published {
  readonly version: number;
  readonly rules: number;
  readonly problems: readonly PlacedProblem[];
}

async function inForce(
  file: string,
  terminal: Terminal,
  publish: (client: ApiClient) => Promise<Published>,
): Promise<number> {
  const tell = (problems: readonly PlacedProblem[]): void => {
    for (const { line, column, code, message, hint } of problems)
      terminal.err(visible(`${file}:${line}:${column}: ${code} ${message}${hint ? ` ${hint}` : ''}`));
  };
  try {
    const { version, rules: count, problems } = await publish(new ApiClient(terminal));
    tell(problems);
    terminal.out(`v${version}`);
    terminal.err(`${count} rules are in force.`);
    return 0;
  } catch (error) {
    if (error instanceof ApiRefusal && Array.isArray(error.problem.problems)) tell(error.problem.problems);
    throw error;
  }
}
