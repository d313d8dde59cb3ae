import type { Match, Rule } from '../../core/routing/rules.js';
import type { Report } from '../report/report.js';
import { entryOf, type MapTree } from '../yaml/tree.js';

/** Warns of rules that can never decide anything: what an earlier rule says comes first, or no message is like it. */
export function checkRules(rules: readonly Rule[], tree: MapTree, report: Report): void {
  const items = entryOf(tree, 'rules')?.value;
  for (const [at, rule] of rules.entries()) {
    const item = items?.type === 'list' ? items.items[at] : undefined;
    const place = (item && entryOf(item, 'code')?.value) ?? tree;
    const dims = Object.keys(rule.match.dims);
    if (dims.length > 1) {
      const message = `Expected one dimension, but there are ${dims.length}: a message has one at most, so the rule is about none.`;
      report.add('NEVER_TAKEN', place, message, 'Write a rule for each.');
    }
    const before = rules.slice(0, at).filter(({ match }) => covers(match, rule.match));
    const laneFrom = before.find(({ lane }) => lane !== null);
    const delayFrom = before.find(({ minDelayMs }) => minDelayMs >= rule.minDelayMs);
    const laneLost = rule.lane === null ? null : laneFrom;
    const delayLost = rule.minDelayMs === 0 ? null : delayFrom;
    if (laneLost === undefined || delayLost === undefined || isBounding(rule)) {
      if (laneLost)
        report.add('NEVER_TAKEN', place, lost('lane', laneLost), 'Put it before that one, or delete its lane.');
      continue;
    }
    const by = laneLost ?? delayLost;
    if (by) report.add('NEVER_TAKEN', place, lost('word', by), 'Put it before that one, or delete it.');
  }
}

const isBounding = ({ limit, rate, retryShare }: Rule): boolean =>
  limit !== undefined || rate !== undefined || retryShare !== undefined;

const lost = (what: string, { code }: Rule): string =>
  `Expected a ${what} that counts, but \`${code}\` above is about all these messages and wins.`;

/** Whether every message of the second match is one of the first too. */
function covers(wide: Match, narrow: Match): boolean {
  const names = (['flow', 'node', 'handler', 'tag'] as const).every(
    (name) => wide[name] === null || wide[name] === narrow[name],
  );
  const dims = Object.entries(wide.dims).every(([name, value]) => narrow.dims[name] === value);
  const attempts = wide.attemptFrom <= narrow.attemptFrom && wide.attemptTo >= narrow.attemptTo;
  return names && dims && attempts && (wide.subject === undefined || wide.subject === narrow.subject);
}
