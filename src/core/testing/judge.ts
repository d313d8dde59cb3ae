import { withoutMajor } from '../definition/custom-kind.js';
import { durationText } from '../duration.js';
import type { Json } from '../json.js';
import type { Expectation, Happened, VisitedNode } from './flow-test.js';
import { differsAt } from './resembles.js';

/** An expectation that did not hold. */
export interface Miss {
  /** The key of the expectation. */
  readonly key: keyof Expectation;
  readonly message: string;
}

/** Everything that was expected and did not happen; empty when all held. */
export function judge(expected: Expectation, happened: Happened): readonly Miss[] {
  const misses: Miss[] = [];
  for (const key of Object.keys(expected) as (keyof Expectation)[]) {
    const judged = JUDGES[key] as (expected: unknown, happened: Happened) => readonly string[];
    misses.push(...judged(expected[key], happened).map((message) => ({ key, message })));
  }
  return misses;
}

const list = (items: readonly string[]): string => `[${items.join(', ')}]`;
const shown = (value: Json): string => JSON.stringify(value).slice(0, 200);
const latest = ({ nodes }: Happened, id: string): VisitedNode | undefined => nodes.findLast(({ node }) => node === id);

type Judges = {
  readonly [K in keyof Required<Expectation>]: (expected: Required<Expectation>[K], it: Happened) => readonly string[];
};

const JUDGES: Judges = {
  status: (expected, { status, incidents }) => {
    const why = incidents.map(({ node, code }) => ` ('${node}': ${code})`).join('');
    return status === expected ? [] : [`Expected the status ${expected}, but it is ${status}${why}.`];
  },
  outcome: (expected, { outcome }) =>
    outcome === expected ? [] : [`Expected the outcome ${expected}, but it is ${outcome ?? 'none'}.`],
  starts: (expected) => (expected ? [] : ['Expected nothing to be started, but an instance was.']),
  input: (expected, { input }) => differences('input', expected, input),
  path(expected, { nodes }) {
    // What watches at a border is in no file.
    const went = nodes.flatMap(({ node }) => (node.includes('@') ? [] : [node]));
    if (list(went) === list(expected)) return [];
    return [`Expected the path ${list(expected)}, but it was ${list(went)}.`];
  },
  through(expected, { nodes }) {
    let at = 0;
    for (const { node } of nodes) if (node === expected[at]) at += 1;
    if (at === expected.length) return [];
    const after = at === 0 ? '' : ` after '${expected[at - 1]}'`;
    return [`Expected '${expected[at]}'${after}, but the path was ${list(nodes.map(({ node }) => node))}.`];
  },
  never: (expected, it) =>
    expected.filter((id) => latest(it, id)).map((id) => `Expected '${id}' not to be entered, but it was.`),
  attempts: (expected, it) => counts(expected, (id) => latest(it, id)?.attempt ?? 0, 'attempts of'),
  polls: (expected, it) => counts(expected, (id) => latest(it, id)?.polls ?? 0, 'polls of'),
  visits: (expected, { nodes }) =>
    counts(expected, (id) => nodes.filter(({ node }) => node === id).length, 'visits to'),
  vars: (expected, { vars }) => differences('vars', expected, vars),
  outputs: (expected, it) =>
    Object.entries(expected).flatMap(([id, output]) => {
      const visited = latest(it, id);
      if (!visited) return [`Expected an output of '${id}', but it was not entered.`];
      return differences(id, output, visited.output);
    }),
  calls: (expected, { calls }) =>
    Object.entries(expected).flatMap(([handler, wanted]) => {
      const made = calls.filter((call) => [call.handler, withoutMajor(call.handler), call.node].includes(handler));
      const times = typeof wanted === 'number' ? wanted : wanted.length;
      if (made.length !== times) return [`Expected ${times} calls of ${handler}, but there were ${made.length}.`];
      if (typeof wanted === 'number') return [];
      return wanted.flatMap((input, at) => differences(`${handler}[${at}]`, input, made[at]?.input ?? null));
    }),
  lanes: (expected, it) =>
    Object.entries(expected).flatMap(([id, lanes]) => {
      const went = latest(it, id)?.lanes ?? [];
      return list(went) === list(lanes)
        ? []
        : [`Expected '${id}' on the lanes ${list(lanes)}, but it was ${list(went)}.`];
    }),
  degraded(expected, it) {
    const ids = [...new Set(it.nodes.map(({ node }) => node))];
    const gave = ids.filter((id) => latest(it, id)?.degraded);
    if (list(gave.sort()) === list([...expected].sort())) return [];
    return [`Expected a fallback of the nodes ${list(expected)}, but they are ${list(gave)}.`];
  },
  incidents(expected, { incidents }) {
    const wanted = Object.entries(expected).map(([node, code]) => `${node}: ${code}`);
    const open = incidents.map(({ node, code }) => `${node}: ${code}`);
    if (list(wanted.sort()) === list(open.sort())) return [];
    return [`Expected the incidents ${list(wanted)}, but there are ${list(open)}.`];
  },
  took: ({ atLeastMs, atMostMs }, { tookMs }) => {
    if (tookMs >= atLeastMs && tookMs <= atMostMs) return [];
    return [`Expected it to take ${span(atLeastMs, atMostMs)}, but it took ${durationText(tookMs)}.`];
  },
};

function span(from: number, to: number): string {
  if (from === to) return durationText(from);
  if (from === 0) return `at most ${durationText(to)}`;
  return to === Number.MAX_SAFE_INTEGER
    ? `at least ${durationText(from)}`
    : `${durationText(from)} to ${durationText(to)}`;
}

const counts = (
  expected: Readonly<Record<string, number>>,
  count: (id: string) => number,
  what: string,
): readonly string[] =>
  Object.entries(expected)
    .filter(([id, wanted]) => count(id) !== wanted)
    .map(([id, wanted]) => `Expected ${wanted} ${what} '${id}', but there were ${count(id)}.`);

function differences(name: string, expected: Json, actual: Json): readonly string[] {
  const at = differsAt(expected, actual);
  if (!at) return [];
  const path = [name, ...at.path].join('.');
  return [
    `Expected ${path} to be ${shown(at.expected)}, but it is ${at.actual === undefined ? 'missing' : shown(at.actual)}.`,
  ];
}
