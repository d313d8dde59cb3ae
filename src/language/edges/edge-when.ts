import type { LineWhen } from '../../core/definition/definition.js';
import { compilePlaced, isCondition, type PlacedExpression } from '../expression/compile/compile-values.js';
import { didYouMean } from '../report/nearest.js';
import type { Report } from '../report/report.js';
import { shownValue } from '../structure/issues.js';
import { messageName } from '../structure/parts.js';
import { type ScalarTree, type Tree, within } from '../yaml/tree.js';

export interface When {
  readonly when: LineWhen;
  readonly condition: PlacedExpression | null;
  readonly matched?: readonly PlacedExpression[];
}

const EVENTS = ['error', 'timeout', 'exhausted', 'message'];
const FAILURE_PATTERN = /^(?:[A-Z][A-Z0-9_]{0,63}\*?|\*)$/;

/** What stands after the colon of an edge. `null` when it is faulty. */
export function readWhen(tree: Tree, report: Report): When | null {
  if (tree.type !== 'scalar') return refuseWhen(tree, report);
  if (typeof tree.value === 'boolean') return constantWhen(tree.value, tree, report);
  if (tree.value === null || tree.value === '') return refuseEmpty(tree, report);
  if (typeof tree.value !== 'string') return refuseWhen(tree, report);
  const text = tree.value.trim();
  if (text === '') return refuseEmpty(tree, report);
  if (text === 'else') return { when: { type: 'else' }, condition: null };
  if (/^on\s/.test(text)) return readEvent(tree, report);
  checkComment(tree, report);
  return readCondition(tree, report);
}

export function readCondition(tree: ScalarTree, report: Report): When | null {
  const condition = compilePlaced(tree, report);
  if (!condition) return null;
  if (!isCondition(condition, tree, report)) return null;
  return { when: { type: 'if', condition: condition.compiled.expression }, condition };
}

/** `on error CODE*`, `on timeout`, `on exhausted`, `on message NAME`. */
export function readEvent(tree: ScalarTree, report: Report): When | null {
  const text = String(tree.value);
  const [, event = '', ...rest] = text.trim().split(/\s+/);
  const refuse = (word: string, message: string, hint: string | null): null => {
    const start = Math.max(0, text.lastIndexOf(word));
    report.add('BAD_EDGE', within(tree, start, start + Math.max(1, word.length)), message, hint);
    return null;
  };
  if (!EVENTS.includes(event)) {
    const message = `Expected error, timeout, exhausted or message after "on", but found \`${event}\`.`;
    return refuse(event, message, didYouMean(event, EVENTS));
  }
  const [pattern, extra] = rest;
  if (event === 'message') {
    if (pattern === undefined)
      return refuse(event, 'Expected the name of a message, but the line ends.', 'For example on message bank.recall.');
    if (extra !== undefined)
      return refuse(
        extra,
        `Expected one message, but found \`${extra}\` too.`,
        'What it must match goes into the long form.',
      );
    if (!messageName.safeParse(pattern).success)
      return refuse(pattern, `Expected the name of a message, but it is \`${pattern}\`.`, 'For example bank.recall.');
    const when = { type: event, message: pattern, match: new Map(), keepMs: null, interrupts: true } as const;
    return { when, condition: null };
  }
  if (event !== 'error') {
    if (pattern === undefined) return { when: { type: event as 'timeout' | 'exhausted' }, condition: null };
    return refuse(pattern, `Expected nothing after "on ${event}", but found \`${pattern}\`.`, null);
  }
  if (pattern === undefined)
    return refuse(event, 'Expected a failure code, but the line ends.', '`on error *` takes every failure.');
  if (extra !== undefined)
    return refuse(extra, `Expected one failure code, but found \`${extra}\` too.`, 'Write a line for each code.');
  if (FAILURE_PATTERN.test(pattern)) return { when: { type: 'error', pattern }, condition: null };
  return refuse(
    pattern,
    `Expected a failure code, or a beginning and "*", but it is \`${pattern}\`.`,
    'For example ACCOUNT_*.',
  );
}

function constantWhen(value: boolean, tree: ScalarTree, report: Report): When | null {
  return readCondition({ ...tree, value: String(value) }, report);
}

function refuseEmpty(tree: Tree, report: Report): null {
  const rest = report.restOfLine(tree.start);
  const isEaten = /^[^#]*#/.test(rest);
  const message = isEaten
    ? 'Expected a condition after the colon, but all that follows is a comment.'
    : 'Expected a condition after the colon, but nothing follows.';
  const hint = 'Write a condition or `else`, or leave out the colon when the edge is always taken.';
  report.add(
    'EMPTY_CONDITION',
    tree,
    message,
    isEaten ? `${hint} A condition with "#" goes into single quotes.` : hint,
  );
  return null;
}

function refuseWhen(tree: Tree, report: Report): null {
  const message = `Expected a condition, \`else\` or \`on …\`, but it is ${shownValue(tree)}.`;
  report.add('BAD_EDGE', tree, message, 'Put the whole condition in single quotes.');
  return null;
}

/** YAML cuts ` # …` off a plain text; the author may have meant it. */
function checkComment(tree: ScalarTree, report: Report): void {
  if (tree.textStart !== tree.start) return;
  const comment = /^[ \t]+#/.exec(report.restOfLine(tree.end));
  if (!comment) return;
  const start = tree.end + comment[0].length - 1;
  const message = 'Expected the condition to end its line, but a comment follows.';
  report.add(
    'COMMENT_AFTER_CONDITION',
    { start, end: start + 1 },
    message,
    'If "#" belongs to the condition, put all of it in single quotes.',
  );
}
