import { callsOf, endlessFlows } from '../../core/definition/endless-calls.js';
import { formatProblem, formatProblemLine, type Problem } from '../../language/problem.js';
import { type ReadDefinition, readDefinition } from '../../language/read-definition.js';
import { readRouting } from '../../language/routing/read-routing.js';
import { readTriggers } from '../../language/routing/triggers/read-triggers.js';
import { schemaProblem } from '../../language/structure/input/schema-problem.js';
import type { CustomKinds } from '../../language/structure/kinds/task/custom/custom-kinds.js';
import { readFlowTest } from '../../language/testing/read-flow-test.js';
import { CHECKED_FILE, type FoundFile, flowFiles, ROUTING_FILE, TEST_FILE, TRIGGER_FILE } from '../input/flow-files.js';
import type { Terminal } from '../terminal.js';

export interface ValidateOptions {
  readonly format: 'pretty' | 'plain' | 'json' | 'github';
  /** More warnings than this fail too; `null`: warnings never do. */
  readonly maxWarnings: number | null;
}

/** Files that are no flows, and how each is read. */
const OTHERS: readonly (readonly [
  RegExp,
  (bytes: Uint8Array, name: string) => { readonly problems: readonly Problem[] },
])[] = [
  [TRIGGER_FILE, readTriggers],
  [ROUTING_FILE, readRouting],
  [TEST_FILE, readFlowTest],
];

/** Checks definitions without any server. 0: sound; 1: not. */
export function validate(paths: readonly string[], options: ValidateOptions, terminal: Terminal): number {
  const files = flowFiles(paths, terminal.cwd, CHECKED_FILE);
  const others = files.flatMap(({ name, bytes }) => {
    const reader = OTHERS.find(([kind]) => kind.test(name));
    return reader ? [{ name, ...reader[1](bytes, name) }] : [];
  });
  const flows = files.filter(({ name }) => !others.some((other) => other.name === name));
  const read = readTogether(flows, terminal.plugins?.kinds);
  const problems = [...read, ...others].flatMap((file) => file.problems);
  const clashes = sharedFlows(read);
  const errors = problems.filter(({ severity }) => severity === 'error').length + clashes.length;
  const warnings = problems.length - (errors - clashes.length);
  print(problems, options.format, terminal);
  for (const clash of clashes) terminal.err(clash);
  if (options.format === 'pretty') {
    const told = `${count(files.length, 'file')}, ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
    terminal.err(told);
  }
  return errors > 0 || (options.maxWarnings !== null && warnings > options.maxWarnings) ? 1 : 0;
}

/** What calls itself by way of another file, and what a called flow gives, is seen only with both at hand. */
function readTogether(files: readonly FoundFile[], kinds?: CustomKinds): ({ name: string } & ReadDefinition)[] {
  const alone = files.map(({ name, bytes }) => {
    const { definition, problems } = readDefinition(bytes, name, undefined, kinds);
    const unusable = definition && schemaProblem(definition, new TextDecoder().decode(bytes), name);
    return unusable ? { name, definition: null, problems: [...problems, unusable] } : { name, definition, problems };
  });
  const flows = new Map(alone.flatMap(({ definition }) => (definition ? [[definition.flow, definition]] : [])));
  const endless = endlessFlows(flows);
  return alone.map((one, index) => {
    const file = files[index];
    const { definition } = one;
    const isTold =
      definition && (endless.has(definition.flow) || callsOf(definition).some(({ flow }) => flows.has(flow)));
    if (!file || !isTold) return one;
    return { name: one.name, ...readDefinition(file.bytes, file.name, flows, kinds) };
  });
}

function print(problems: readonly Problem[], format: ValidateOptions['format'], terminal: Terminal): void {
  if (format === 'json') return terminal.out(JSON.stringify(problems, null, 2));
  for (const problem of problems) {
    if (format === 'plain') terminal.out(formatProblemLine(problem));
    else if (format === 'github') terminal.out(annotation(problem));
    else terminal.out(`${formatProblem(problem, terminal)}\n`);
  }
}

/** A workflow command, which shows the problem beside its line in a pull request. */
function annotation({ severity, file, line, column, code, message, hint }: Problem): string {
  const text = (value: string): string => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (value: string): string => text(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const place = `file=${property(file)},line=${line},col=${column},title=${property(code)}`;
  return `::${severity} ${place}::${text(hint ? `${message} ${hint}` : message)}`;
}

/** A flow has one file: two would publish over one another. */
function sharedFlows(read: readonly { name: string; definition: { flow: string } | null }[]): string[] {
  const byFlow = new Map<string, string[]>();
  for (const { name, definition } of read) {
    if (definition) byFlow.set(definition.flow, [...(byFlow.get(definition.flow) ?? []), name]);
  }
  return [...byFlow]
    .filter(([, names]) => names.length > 1)
    .map(([flow, names]) => `Expected one file per flow, but ${names.join(' and ')} all define ${flow}. Rename one.`);
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;
