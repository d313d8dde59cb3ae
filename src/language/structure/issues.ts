import type { z } from 'zod';
import { didYouMean } from '../report/nearest.js';
import type { ProblemCode } from '../report/problem-codes.js';
import type { Report, Span } from '../report/report.js';
import { hintOfUnknownKey } from '../report/unknown-key.js';
import { find, type Tree } from '../yaml/tree.js';
import { EACH_KEYS, MORE_KEYS } from './kinds/schemas.js';

type Issue = z.core.$ZodIssue;

const DURATIONS = 'Write a whole number with a unit: 500ms, 30s, 5m, 2h or 1d.';

/** Sentences for what the schemas in `parts.ts` refuse by a rule of ours. */
const RULES: Readonly<Record<string, readonly [ProblemCode, string, string | null]>> = {
  duration: ['BAD_DURATION', 'Expected a duration', DURATIONS],
  'duration-too-long': ['BAD_DURATION', 'Expected a duration of at most 365 days', 'Write at most 365d.'],
  'duration-zero': ['OUT_OF_RANGE', 'Expected a duration above 0', null],
  id: ['BAD_ID', 'Expected an id of ASCII letters, digits and "_", at most 64, a letter first', null],
  name: ['BAD_ID', 'Expected a name of ASCII letters, digits and "_", no digit first', null],
  message: ['WRONG_VALUE', 'Expected the name of a message', 'For example bank.callback.'],
  handler: ['WRONG_VALUE', 'Expected the name of a handler', 'For example payment.disburse.'],
  outcome: ['WRONG_VALUE', 'Expected a name of ASCII letters, digits, "_", "." and "-", a letter first', null],
  failure: ['WRONG_VALUE', 'Expected a failure code of capital letters, digits and "_"', 'For example ACCOUNT_CLOSED.'],
  'rule-code': ['BAD_ID', 'Expected a code of small letters, digits and "-", a letter first', null],
  lane: [
    'BAD_LANE',
    'Expected a lane: fast, normal, slow, retry, or a name of its own of small letters, digits and "-"',
    'The lane probe is where circuits send.',
  ],
  'own-lane': [
    'BAD_LANE',
    'Expected the name of a lane of its own: at most 32 small letters, digits and "-", a letter first',
    'fast, normal, slow, retry and probe are always there.',
  ],
  mutex: ['WRONG_TYPE', 'Expected a name, or { section: name }', null],
  scope: ['WRONG_TYPE', 'Expected the name of a scope, or a list of up to 8', null],
  until: ['WRONG_VALUE', 'Expected a time with its zone', 'For example "2026-12-01T18:00:00Z".'],
  join: ['WRONG_VALUE', 'Expected all, taken, each, a number from 1 or { arrivals: number }', null],
  order: ['WRONG_VALUE', 'Expected parallel or sequence', null],
  participants: ['WRONG_VALUE', 'Expected 1 to 16 participants', 'For example { budget: { try, confirm, cancel } }.'],
  merge: [
    'WRONG_VALUE',
    'Expected first, last, list, concat, union, sum, min, max, object or { by: expression }',
    null,
  ],
  true: ['WRONG_VALUE', 'Expected true', null],
  gateway: ['WRONG_VALUE', 'Expected exclusive, parallel, inclusive or event', null],
  end: [
    'WRONG_VALUE',
    'Expected the name of an outcome, terminate or { fail: CODE }',
    'A CODE has capital letters, digits and "_".',
  ],
  timer: [
    'WRONG_VALUE',
    'Expected a duration, { at: time }, { for: expression }, { until: expression } or { cron: fields, zone: name }',
    `${DURATIONS} A time has its zone: "2026-12-01T18:00:00+08:00".`,
  ],
  delay: ['WRONG_VALUE', 'Expected a duration, or { when, for | until, max }', DURATIONS],
  'delay-length': [
    'WRONG_VALUE',
    'Expected one of for and until',
    'For example { when: input.amount > 100, for: 1h }.',
  ],
  circuit: ['MISSING_KEY', 'Expected `by` or `fallback`', 'For example { fallback: { known: false } }.'],
  calls: ['WRONG_TYPE', 'Expected a number of calls, or the list of their inputs', null],
  took: ['WRONG_VALUE', 'Expected a duration, or { atLeast: …, atMost: … }', DURATIONS],
  act: ['WRONG_VALUE', 'Expected one of retry, cancel, send and complete', 'For example { after: 1h, retry: all }.'],
  trigger: ['WRONG_VALUE', 'Expected one of on and cron', 'For example on: cart.added, or cron: "0 9 * * 1-5".'],
  'trigger-starts': ['WRONG_VALUE', 'Expected one of start, play and plays', 'For example start: coupon.'],
  'trigger-quota': ['WRONG_VALUE', 'Expected no quota where plays start', 'Each play has its own.'],
  'trigger-clock': ['WRONG_VALUE', 'Expected zone and missed with cron alone', 'A message comes when it comes.'],
  'trigger-dedupe': [
    'WRONG_VALUE',
    'Expected no dedupe beside cron',
    'Delete it: every tick is started once, whatever it says.',
  ],
  arm: ['BAD_ID', 'Expected a name of ASCII letters, digits, "_" and "-", a letter first', null],
  branch: ['WRONG_TYPE', 'Expected handlers, or { context, do, with }', null],
  'step-merge': [
    'WRONG_TYPE',
    'Expected a handler, or how each member is merged',
    'For example { items: concat, best: max }.',
  ],
  do: ['WRONG_TYPE', 'Expected the name of a handler, or a list of them', null],
  goto: ['WRONG_TYPE', 'Expected { to, when }, or a list of them', null],
  'rule-none': ['WRONG_TYPE', 'Expected a list of rules, or the name of a handler', null],
  'rule-shift': [
    'WRONG_VALUE',
    'Expected a duration, or { to: time }',
    'For example 16d, -2h or { to: "2026-10-05T10:00:00+08:00" }.',
  ],
  'rule-error': ['WRONG_VALUE', 'Expected stop, park, true, false or none', null],
  each: [
    'WRONG_TYPE',
    'Expected a list, a whole number up to 100,000, an expression or { in: … }',
    'For example input.items.',
  ],
  'each-in': [
    'WRONG_TYPE',
    'Expected a list, a whole number up to 100,000 or an expression',
    'For example input.items.',
  ],
  undo: [
    'WRONG_TYPE',
    'Expected the name of a handler or of a flow, { task, in } or { call, in }',
    'For example payment.reverse.',
  ],
  'until-items': ['WRONG_TYPE', 'Expected a whole number or a condition', 'For example each.yes >= 2.'],
  to: ['WRONG_TYPE', 'Expected the id of a node, or a list of them', null],
  'backoff-cap': ['OUT_OF_RANGE', 'Expected a cap that is not below the base', null],
  'backoff-and-remote': ['WRONG_VALUE', 'Expected one of remote and backoff', 'Delete one of the two.'],
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** Keys of the top; or, of a file that has few, those of all depths together. */
type Known = readonly string[] | { readonly anywhere: readonly string[] };

/** Reports what a schema refused, at its place and in this project's words. */
export function reportIssues(issues: readonly Issue[], tree: Tree, known: Known, report: Report): void {
  for (const issue of issues) reportIssue(issue, tree, known, report);
}

function reportIssue(issue: Issue, tree: Tree, known: Known, report: Report): void {
  const place = find(tree, issue.path);
  if (issue.code === 'invalid_union' && issue.message === 'each' && place.tree.type === 'map') {
    // What is a map was meant to be the long form, and is told by what is wrong in it.
    const inner = issue.errors.find((some) =>
      some.some(({ code, path }) => path.length > 0 || code !== 'invalid_type'),
    );
    for (const one of inner ?? []) {
      reportIssue({ ...one, path: [...issue.path, ...one.path] } as Issue, tree, known, report);
    }
    return;
  }
  if (issue.code === 'invalid_key') {
    const [rule, sentence] = RULES[issue.issues[0]?.message ?? ''] ?? RULES['name'] ?? [];
    const at = place.entry?.keyAt ?? place.tree;
    if (rule) report.add(rule, at, `${sentence}, but it is \`${shownKey(String(issue.path.at(-1)))}\`.`);
    return;
  }
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const entry = find(place.tree, [key]).entry;
      const message = `Expected a known key, but \`${shownKey(key)}\` is none.`;
      report.add('UNKNOWN_KEY', entry?.keyAt ?? place.tree, message, unknownHint(key, issue, known));
    }
    return;
  }
  if (!place.complete) {
    const at = place.entry?.keyAt ?? firstKey(place.tree);
    report.add('MISSING_KEY', at, `Expected the key \`${String(issue.path.at(-1))}\`, but it is missing.`);
    return;
  }
  const [code, sentence, hint] = sentenceOf(issue);
  report.add(
    code,
    place.tree,
    `${sentence}, but it is ${shownValue(place.tree)}.`,
    hint ?? valueHint(issue, place.tree),
  );
}

function sentenceOf(issue: Issue): readonly [ProblemCode, string, string | null] {
  const rule = RULES[issue.message];
  if (rule) return rule;
  switch (issue.code) {
    case 'invalid_type':
      return ['WRONG_TYPE', `Expected ${TYPES[issue.expected] ?? issue.expected}`, null];
    case 'too_small':
      return ['OUT_OF_RANGE', `Expected at least ${issue.minimum}${unitOf(issue.origin)}`, null];
    case 'too_big':
      return ['OUT_OF_RANGE', `Expected at most ${issue.maximum}${unitOf(issue.origin)}`, null];
    case 'invalid_value':
      return ['WRONG_VALUE', `Expected ${issue.values.map(String).join(' or ')}`, null];
    default:
      return ['WRONG_VALUE', 'Expected another value', null];
  }
}

const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '');

/** The keys of the map in which the issue is; `null` deeper down, where only its schema knows them. */
function unknownHint(key: string, issue: Issue, known: Known): string | null {
  return 'anywhere' in known ? didYouMean(key, known.anywhere) : hintOfUnknownKey(key, keysOf(issue, known));
}

function keysOf(issue: Issue, known: readonly string[]): readonly string[] | null {
  const at = String(issue.path.at(-1));
  if (at === 'retry') return ['local', 'remote', 'max', 'backoff'];
  if (at === 'each') return EACH_KEYS;
  if (at === 'more') return MORE_KEYS;
  if (at === 'backoff') return ['base', 'factor', 'cap', 'jitter'];
  if (at === 'defaults') return ['timeout', 'retry'];
  return issue.path.length === 0 ? known : null;
}

function valueHint(issue: Issue, tree: Tree): string | null {
  if (tree.type !== 'scalar' || typeof tree.value !== 'string') return null;
  if (/^(?:yes|no|on|off|y|n)$/i.test(tree.value)) {
    const meant = /^(?:yes|on|y)$/i.test(tree.value) ? 'true' : 'false';
    return `\`${tree.value}\` is a text in YAML 1.2; write ${meant}.`;
  }
  return issue.code === 'invalid_value' ? didYouMean(tree.value, issue.values.map(String)) : null;
}

export function shownValue(tree: Tree): string {
  if (tree.type === 'list') return 'a list';
  if (tree.type === 'map') return 'a map';
  if (tree.value === null) return 'empty';
  if (typeof tree.value === 'string') return tree.value === '' ? 'an empty text' : `\`${shownKey(tree.value)}\``;
  return `the ${typeof tree.value} ${String(tree.value)}`;
}

/** Spaces that look like none, and characters that draw nothing, are told by their number. */
export function shownKey(key: string): string {
  const cut = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  return cut.replace(/[^\P{Z} ]|\p{C}/gu, (it) => {
    return `U+${(it.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

function firstKey(tree: Tree): Span {
  return tree.type === 'map' && tree.entries[0] ? tree.entries[0].keyAt : { start: tree.start, end: tree.start + 1 };
}
