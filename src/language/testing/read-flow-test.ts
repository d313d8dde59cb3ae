import type { JsonObject } from '../../core/json.js';
import type { Act, Expectation, FlowTestCase } from '../../core/testing/flow-test.js';
import type { Problem } from '../problem.js';
import { Report } from '../report/report.js';
import { parseDuration } from '../structure/duration.js';
import { reportIssues } from '../structure/issues.js';
import { decode } from '../yaml/decode.js';
import { dropEmpty } from '../yaml/drop-empty.js';
import { parseYaml } from '../yaml/parse-yaml.js';
import { entryOf, type MapTree, plain, type Tree } from '../yaml/tree.js';
import { FLOW_TEST_KEYS, flowTestFile, type WrittenCase, type WrittenFlowTest } from './flow-test-schema.js';

/** A case with its places in the file, as line numbers from 1. */
export interface PlacedCase extends FlowTestCase {
  readonly line: number;
  /** By the key of an expectation. */
  readonly lines: Readonly<Record<string, number>>;
}

export interface FlowTest {
  /** The flow's file as written, beside this one; `null`: the file of the same name. */
  readonly flow: string | null;
  /** Least share of edges that all cases together take, in percent; `null`: any. */
  readonly coverage: number | null;
  readonly cases: readonly PlacedCase[];
}

export interface ReadFlowTest {
  /** `null` when a problem is an error. */
  readonly test: FlowTest | null;
  readonly problems: readonly Problem[];
}

/** Reads one file of flow tests. Never throws, whatever the text. */
export function readFlowTest(input: string | Uint8Array, file: string): ReadFlowTest {
  const decoded = decode(input);
  if (!decoded.ok) {
    const report = new Report(file, '');
    report.add(decoded.code, { start: 0, end: 1 }, decoded.message, decoded.hint);
    return { test: null, problems: report.problems() };
  }
  const report = new Report(file, decoded.text);
  const tree = parseYaml(decoded.text, report);
  if (tree?.type !== 'map') return { test: null, problems: report.problems() };
  const kept = dropEmpty(tree, report);
  const checked = flowTestFile.safeParse(plain(kept));
  if (!checked.success) reportIssues(checked.error.issues, kept, { anywhere: FLOW_TEST_KEYS }, report);
  const test = checked.success && !report.hasErrors ? assemble(checked.data, kept, report) : null;
  return { test, problems: report.problems() };
}

function assemble(written: WrittenFlowTest, tree: MapTree, report: Report): FlowTest {
  const lineOf = (entry: { keyAt: { start: number } } | undefined): number =>
    report.position(entry?.keyAt.start ?? 0).line;
  const placed = entryOf(tree, 'cases')?.value;
  const cases = Object.entries(written.cases).map(([name, one]): PlacedCase => {
    const entry = entryOf(placed, name);
    return { ...caseOf(name, one, written), line: lineOf(entry), lines: expectedLines(entry?.value, lineOf) };
  });
  return { flow: written.flow ?? null, coverage: written.coverage ?? null, cases };
}

function expectedLines(
  tree: Tree | undefined,
  lineOf: (entry: { keyAt: { start: number } }) => number,
): Readonly<Record<string, number>> {
  const expected = entryOf(tree, 'expect')?.value;
  if (expected?.type !== 'map') return {};
  return Object.fromEntries(expected.entries.map((entry) => [entry.key, lineOf(entry)]));
}

/** What a file says for all of its cases, a case may say otherwise: mocks name by name, an input member by member. */
function caseOf(name: string, one: WrittenCase, all: WrittenFlowTest): FlowTestCase {
  const now = one.now ?? all.now;
  return {
    name,
    input: { ...all.input, ...one.input } as JsonObject,
    play: one.play || all.play ? ({ ...all.play, ...one.play } as JsonObject) : null,
    trigger: one.trigger ?? null,
    event: (one.event ?? {}) as JsonObject,
    now: now === undefined ? null : Date.parse(now),
    mocks: { ...all.mocks, ...one.mocks } as JsonObject,
    circuits: circuitsOf({ ...all.circuits, ...one.circuits }),
    secrets: { ...all.secrets, ...one.secrets },
    acts: (one.acts ?? []).map(actOf),
    expect: expectationOf(one.expect),
  };
}

const circuitsOf = (written: Readonly<Record<string, string>>): FlowTestCase['circuits'] =>
  Object.fromEntries(Object.entries(written).map(([subject, length]) => [subject, parseDuration(length) ?? 0]));

function actOf({ after, retry, send, payload, complete, output }: NonNullable<WrittenCase['acts']>[number]): Act {
  const afterMs = parseDuration(after) ?? 0;
  if (send !== undefined)
    return { afterMs, act: { type: 'send', message: send, payload: (payload ?? {}) as JsonObject } };
  if (complete !== undefined) {
    return { afterMs, act: { type: 'complete', node: complete, output: (output ?? {}) as JsonObject } };
  }
  if (retry === undefined) return { afterMs, act: { type: 'cancel' } };
  return { afterMs, act: { type: 'retry', node: retry === 'all' ? null : retry } };
}

function expectationOf({ took, ...rest }: WrittenCase['expect']): Expectation {
  if (took === undefined) return rest as Expectation;
  const between = typeof took === 'string' ? { atLeast: took, atMost: took } : took;
  const atLeastMs = parseDuration(between.atLeast ?? '0s') ?? 0;
  const atMostMs = between.atMost === undefined ? Number.MAX_SAFE_INTEGER : (parseDuration(between.atMost) ?? 0);
  return { ...rest, took: { atLeastMs, atMostMs } } as Expectation;
}
