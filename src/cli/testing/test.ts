import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Trigger } from '../../core/definition/starting/trigger.js';
import { durationText } from '../../core/duration.js';
import { formatProblem, type Problem } from '../../language/problem.js';
import { readTriggers } from '../../language/routing/triggers/read-triggers.js';
import { type FlowTest, type PlacedCase, readFlowTest } from '../../language/testing/read-flow-test.js';
import { TestedFlow } from '../../programs/in-memory/flow-test.js';
import { type FoundFile, flowFiles, TEST_FILE, TRIGGER_FILE } from '../input/flow-files.js';
import { soundDefinition } from '../input/sound-definition.js';
import { painter, Refused, type Terminal, visible } from '../terminal.js';
import { junit, type TestedCase, type TestedFile } from './junit.js';

export interface TestOptions {
  /** Only cases whose name holds this text. */
  readonly only?: string;
  /** A file for the results as JUnit XML. */
  readonly junit?: string;
  /** Draw what the cases took. */
  readonly coverage?: boolean;
}

/** Runs the tests of flows, each in this process alone and on virtual time. 0: all passed; 1: something did not. */
export async function test(paths: readonly string[], options: TestOptions, terminal: Terminal): Promise<number> {
  const started = performance.now();
  const files: TestedFile[] = [];
  for (const file of flowFiles(paths, terminal.cwd, TEST_FILE)) files.push(await testFile(file, options, terminal));
  if (options.junit !== undefined) writeFileSync(resolve(terminal.cwd, options.junit), junit(files));
  const cases = files.flatMap((file) => file.cases);
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  if (cases.length === 0 && options.only !== undefined)
    throw new Refused(`Expected a case whose name holds '${options.only}', but there is none.`, 2);
  terminal.out(`${cases.length - failed} passed, ${failed} failed in ${Math.round(performance.now() - started)} ms`);
  return failed > 0 ? 1 : 0;
}

async function testFile(file: FoundFile, options: TestOptions, terminal: Terminal): Promise<TestedFile> {
  const paint = painter(terminal);
  terminal.out(paint('bold', visible(file.name)));
  const { test: read, problems } = readFlowTest(file.bytes, file.name);
  for (const problem of problems) terminal.err(`${formatProblem(problem, terminal)}\n`);
  const flow = read && (await flowOf(file, read, terminal));
  if (!flow) return told(file, [broken(problems)], terminal);
  const wanted = read.cases.filter(({ name }) => name.includes(options.only ?? ''));
  const cases: TestedCase[] = [];
  for (const one of wanted) {
    const ran = await testCase(flow, one);
    cases.push(ran);
    show(file, ran, terminal);
  }
  return { name: file.name, cases: [...cases, ...coverage(file, flow, read, options, terminal)] };
}

async function flowOf(file: FoundFile, { flow }: FlowTest, terminal: Terminal): Promise<TestedFlow | null> {
  const folder = dirname(resolve(terminal.cwd, file.name));
  const stem = file.name.slice(file.name.lastIndexOf('/') + 1).replace(TEST_FILE, '');
  const names = flow === null ? [`${stem}.flow.yaml`, `${stem}.flow.yml`] : [flow];
  const found = names.map((name) => join(folder, name)).find((place) => existsSync(place));
  if (!found) {
    terminal.err(
      `Expected the flow that ${visible(file.name)} tests at ${names[0]}, but there is none. Name it in \`flow\`.`,
    );
    return null;
  }
  const definition = soundDefinition(relative(terminal.cwd, found), terminal);
  return definition && new TestedFlow(definition, terminal.plugins?.mocks(), triggersIn(folder, terminal));
}

/** Of the files beside the test; what is wrong in one is told, and the others count. */
function triggersIn(folder: string, terminal: Terminal): readonly Trigger[] {
  const names = readdirSync(folder).filter((name) => TRIGGER_FILE.test(name));
  return names.sort().flatMap((name) => {
    const { triggers, problems } = readTriggers(readFileSync(join(folder, name)), name);
    for (const problem of problems) terminal.err(`${formatProblem(problem, terminal)}\n`);
    return triggers ?? [];
  });
}

async function testCase(flow: TestedFlow, one: PlacedCase): Promise<TestedCase> {
  const began = performance.now();
  const { misses, happened } = await flow.judge(one);
  const failures = misses.map(({ key, message }) => ({ line: one.lines[key] ?? one.line, message }));
  const took = happened ? durationText(happened.tookMs) : '';
  return { name: one.name, ms: performance.now() - began, took, failures };
}

/** Too little coverage is one more case that failed; a part of the cases says nothing about it. */
function coverage(
  file: FoundFile,
  flow: TestedFlow,
  read: FlowTest,
  options: TestOptions,
  terminal: Terminal,
): TestedCase[] {
  const { covered, total, percent, missing } = flow.coverage;
  const paint = painter(terminal);
  terminal.out(paint('dim', `  ${covered} of ${total} edges taken (${percent} %)`));
  if (options.coverage) terminal.out(flow.coverageDiagram.trimEnd());
  if (options.only !== undefined || read.coverage === null || percent >= read.coverage) return [];
  const edges = missing.map(({ from, to }) => `${from} -> ${to}`).join(', ');
  const message = `Expected the cases to take ${read.coverage} % of the edges, but they took ${percent} %. None takes ${edges}.`;
  const failed: TestedCase = { name: 'coverage', ms: 0, took: '', failures: [{ line: 1, message }] };
  show(file, failed, terminal);
  return [failed];
}

const broken = (problems: readonly Problem[]): TestedCase => ({
  name: 'can be read',
  ms: 0,
  took: '',
  failures: [
    {
      line: problems[0]?.line ?? 1,
      message: problems[0]?.message ?? 'Expected a flow without errors, but it has some.',
    },
  ],
});

function told(file: FoundFile, cases: readonly TestedCase[], terminal: Terminal): TestedFile {
  for (const one of cases) show(file, one, terminal);
  return { name: file.name, cases };
}

function show(file: FoundFile, { name, took, failures }: TestedCase, terminal: Terminal): void {
  const paint = painter(terminal);
  const time = took === '' ? '' : paint('dim', ` (${took})`);
  terminal.out(`  ${failures.length === 0 ? paint('green', '✓') : paint('red', '✗')} ${visible(name)}${time}`);
  for (const { line, message } of failures)
    terminal.out(`    ${visible(file.name)}:${line}: ${message.split('\n').map(visible).join('\n      ')}`);
}
