import type { WantedLane } from '../../core/routing/lane.js';
import type { Match, Override, Rule } from '../../core/routing/rules.js';
import type { Problem } from '../problem.js';
import { Report } from '../report/report.js';
import { parseDuration } from '../structure/duration.js';
import { reportIssues } from '../structure/issues.js';
import { decode } from '../yaml/decode.js';
import { dropEmpty } from '../yaml/drop-empty.js';
import { parseYaml } from '../yaml/parse-yaml.js';
import { entryOf, type MapTree, plain, type Tree } from '../yaml/tree.js';
import { checkLanes } from './check-lanes.js';
import { checkRules } from './check-rules.js';
import { ROUTING_KEYS, routingFile, type WrittenMatch, type WrittenRouting } from './routing-schema.js';

export interface ReadRouting {
  /** `null` when a problem is an error. */
  readonly routing: {
    readonly rules: readonly Rule[];
    readonly overrides: readonly Override[];
    /** Lanes that it declares. */
    readonly lanes: readonly WantedLane[];
  } | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads one file of routing rules. Never throws, whatever the text.
 * @param only `rules`: overrides in it are an error.
 */
export function readRouting(input: string | Uint8Array, file: string, only?: 'rules'): ReadRouting {
  const decoded = decode(input);
  if (!decoded.ok) {
    const report = new Report(file, '');
    report.add(decoded.code, { start: 0, end: 1 }, decoded.message, decoded.hint);
    return { routing: null, problems: report.problems() };
  }
  const report = new Report(file, decoded.text);
  const tree = parseYaml(decoded.text, report);
  if (tree?.type !== 'map') return { routing: null, problems: report.problems() };
  const kept = dropEmpty(tree, report);
  const checked = routingFile.safeParse(plain(kept));
  if (!checked.success) reportIssues(checked.error.issues, kept, { anywhere: ROUTING_KEYS }, report);
  else checkMore(kept, report);
  const strange = only === 'rules' ? entryOf(kept, 'overrides') : undefined;
  if (strange)
    report.add(
      'UNKNOWN_KEY',
      strange.keyAt,
      'Expected rules and lanes alone, but there are overrides.',
      'They are set one by one.',
    );
  const routing = checked.success && !report.hasErrors ? assemble(checked.data) : null;
  if (routing) checkLanes(routing, kept, report);
  if (routing) checkRules(routing.rules, kept, report);
  return { routing: report.hasErrors ? null : routing, problems: report.problems() };
}

/** Each has a code of its own, and says something. */
function checkMore(tree: MapTree, report: Report): void {
  const seen = new Set<unknown>();
  for (const list of ['rules', 'overrides']) {
    const items = entryOf(tree, list)?.value;
    for (const item of items?.type === 'list' ? items.items : []) {
      const code = entryOf(item, 'code')?.value;
      const value = code && plain(code);
      if (code && seen.has(value))
        report.add('DUPLICATE_KEY', code, `Expected a code of its own, but \`${String(value)}\` is another's too.`);
      seen.add(value);
      const [says, hint] = list === 'rules' ? [RULE_SAYS, 'lane: slow'] : [OVERRIDE_SAYS, 'hold: true'];
      if (!says.some((key) => entryOf(item, key)))
        report.add('MISSING_KEY', item, `Expected ${listed(says)}, but there is none.`, `For example ${hint}.`);
      checkMatch(item, report);
    }
  }
}

const RULE_SAYS = ['lane', 'delay', 'limit', 'rate', 'retryShare'] as const;
const OVERRIDE_SAYS = ['lane', 'hold', 'ignoreCircuit', 'circuit', 'freeze'] as const;
const listed = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** What its match can mean. */
function checkMatch(item: Tree, report: Report): void {
  const match = entryOf(item, 'match')?.value;
  const said = (name: string) => match && entryOf(match, name);
  const [from, to] = [said('attemptFrom')?.value, said('attemptTo')?.value];
  if (from && to && Number(plain(to)) < Number(plain(from)))
    report.add(
      'OUT_OF_RANGE',
      to,
      `Expected attemptTo to be ${String(plain(from))} or more, as attemptFrom, but it is ${String(plain(to))}.`,
    );
  if (entryOf(item, 'freeze') && !said('subject'))
    report.add(
      'MISSING_KEY',
      entryOf(item, 'freeze')?.keyAt ?? item,
      'Expected a subject in match, but there is none.',
      'Freezing is about one subject, for example bank.pay[bank=south].',
    );
  const [circuit, ignores] = [entryOf(item, 'circuit')?.value, entryOf(item, 'ignoreCircuit')];
  if (circuit && ignores && plain(circuit) === 'open')
    report.add('WRONG_VALUE', circuit, 'Expected a circuit that is not ignored, but it is open and ignored.');
}

function assemble({ rules = [], overrides = [], lanes = {} }: WrittenRouting): NonNullable<ReadRouting['routing']> {
  return {
    lanes: Object.entries(lanes).map(([name, { concurrency = null }]) => ({ name, concurrency })),
    rules: rules.map(({ code, match, lane = null, delay, limit, rate, retryShare, reason }) => {
      const minDelayMs = delay === undefined ? 0 : (parseDuration(delay) ?? 0);
      const pace = rate && { rate: { max: rate.max, perMs: parseDuration(rate.per) ?? 0 } };
      const retries = retryShare !== undefined && { retryShare };
      const bounds = { ...(limit !== undefined && { limit }), ...pace, ...retries };
      return { code, match: matchOf(match), lane, minDelayMs, reason, ...bounds };
    }),
    overrides: overrides.map(
      ({ code, match, lane = null, hold = false, ignoreCircuit = false, until, reason, ...more }) => {
        const { circuit, freeze } = more;
        const state = { ...(circuit && { circuit }), ...(freeze && { freeze }) };
        return { code, match: matchOf(match), lane, hold, ignoreCircuit, ...state, until: Date.parse(until), reason };
      },
    ),
  };
}

function matchOf(match: WrittenMatch = {}): Match {
  const { flow = null, node = null, handler = null, tag = null, dims = {} } = match;
  return {
    flow,
    node,
    handler,
    tag,
    dims: Object.fromEntries(Object.entries(dims).map(([name, value]) => [name, String(value)])),
    attemptFrom: match.attemptFrom ?? 1,
    attemptTo: match.attemptTo ?? Number.MAX_SAFE_INTEGER,
    ...(match.subject !== undefined && { subject: match.subject }),
  };
}
