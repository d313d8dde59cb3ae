import type { Match, Override, Rule } from '../../core/routing/rules.js';
import type { Problem } from '../problem.js';
import { Report } from '../report/report.js';
import { parseDuration } from '../structure/duration.js';
import { reportIssues } from '../structure/issues.js';
import { decode } from '../yaml/decode.js';
import { dropEmpty } from '../yaml/drop-empty.js';
import { parseYaml } from '../yaml/parse-yaml.js';
import { entryOf, type MapTree, plain } from '../yaml/tree.js';
import { ROUTING_KEYS, routingFile, type WrittenMatch, type WrittenRouting } from './routing-schema.js';

export interface ReadRouting {
  /** `null` when a problem is an error. */
  readonly routing: { readonly rules: readonly Rule[]; readonly overrides: readonly Override[] } | null;
  readonly problems: readonly Problem[];
}

/** Reads one file of routing rules. Never throws, whatever the text. */
export function readRouting(input: string | Uint8Array, file: string): ReadRouting {
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
  if (!checked.success) reportIssues(checked.error.issues, kept, ROUTING_KEYS, report);
  else checkMore(kept, report);
  const routing = checked.success && !report.hasErrors ? assemble(checked.data) : null;
  return { routing, problems: report.problems() };
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
      const says = ['lane', 'delay', 'hold', 'ignoreCircuit'].some((key) => entryOf(item, key));
      const [effects, hint] =
        list === 'rules' ? ['lane or delay', 'lane: slow'] : ['lane, hold or ignoreCircuit', 'hold: true'];
      if (!says) report.add('MISSING_KEY', item, `Expected ${effects}, but there is none.`, `For example ${hint}.`);
    }
  }
}

function assemble({ rules = [], overrides = [] }: WrittenRouting): NonNullable<ReadRouting['routing']> {
  return {
    rules: rules.map(({ code, match, lane = null, delay, reason }) => {
      const minDelayMs = delay === undefined ? 0 : (parseDuration(delay) ?? 0);
      return { code, match: matchOf(match), lane, minDelayMs, reason };
    }),
    overrides: overrides.map(({ code, match, lane = null, hold = false, ignoreCircuit = false, until, reason }) => {
      return { code, match: matchOf(match), lane, hold, ignoreCircuit, until: Date.parse(until), reason };
    }),
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
  };
}
