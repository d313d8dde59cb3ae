import { endlessFlows } from '../../core/definition/endless-calls.js';
import { formatProblem, formatProblemLine, type Problem } from '../../language/problem.js';
import { type ReadDefinition, readDefinition } from '../../language/read-definition.js';
import { readTriggers } from '../../language/routing/triggers/read-triggers.js';
import type { CustomKinds } from '../../language/structure/kinds/task/custom/custom-kinds.js';
import { CHECKED_FILE, type FoundFile, flowFiles, TRIGGER_FILE } from '../input/flow-files.js';
import type { Terminal } from '../terminal.js';

export interface ValidateOptions {
  readonly format: 'pretty' | 'plain' | 'json' | 'github';
  /** More warnings than this fail too; `null`: warnings never do. */
  readonly maxWarnings: number | null;
}

/** Checks definitions without any server. 0: sound; 1: not. */
export function validate(paths: readonly string[], options: ValidateOptions, terminal: Terminal): number {
  const files = flowFiles(paths, terminal.cwd, CHECKED_FILE);
  const isTriggers = ({ name }: FoundFile): boolean => TRIGGER_FILE.test(name);
  const read = readTogether(
    files.filter((file) => !isTriggers(file)),
    terminal.plugins?.kinds,
  );
  const triggers = files.filter(isTriggers).map(({ name, bytes }) => readTriggers(bytes, name));
  const problems = [...read, ...triggers].flatMap((file) => file.problems);
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

/** What calls itself by way of another file is seen only with both at hand. */
function readTogether(files: readonly FoundFile[], kinds?: CustomKinds): ({ name: string } & ReadDefinition)[] {
  const alone = files.map(({ name, bytes }) => ({ name, ...readDefinition(bytes, name, undefined, kinds) }));
  const flows = new Map(alone.flatMap(({ definition }) => (definition ? [[definition.flow, definition]] : [])));
  const endless = endlessFlows(flows);
  return alone.map((one, index) => {
    const file = files[index];
    if (!file || !one.definition || !endless.has(one.definition.flow)) return one;
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
