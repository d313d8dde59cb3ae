import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatProblem } from '../../language/problem.js';
import { readDefinition } from '../../language/read-definition.js';
import { flowFiles } from '../input/flow-files.js';
import { Refused, type Terminal } from '../terminal.js';
import { writeTypes } from './write-types.js';

export interface TypesOptions {
  /** The file to write; without it the types go to standard output. */
  readonly out?: string;
  /** Only say whether that file is up to date. */
  readonly check?: true;
}

/** Writes TypeScript types of flows. 0: written, or up to date; 1: a flow has errors, or the file is behind. */
export function types(paths: readonly string[], { out, check }: TypesOptions, terminal: Terminal): number {
  if (check && out === undefined) {
    throw new Refused('Expected --check beside --out FILE, but there is no --out. Say which file to check.', 2);
  }
  const kinds = terminal.plugins?.kinds;
  const read = flowFiles(paths, terminal.cwd).map(({ name, bytes }) => readDefinition(bytes, name, undefined, kinds));
  const errors = read.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'));
  for (const problem of errors) terminal.err(`${formatProblem(problem, terminal)}\n`);
  if (errors.length > 0) return 1;
  const text = writeTypes(
    read.flatMap(({ definition }) => definition ?? []),
    kinds?.kinds,
  );
  if (out === undefined) {
    terminal.out(text.trimEnd());
    return 0;
  }
  const place = resolve(terminal.cwd, out);
  if (contentOf(place) === text) return 0;
  if (check) {
    terminal.err(
      `Expected ${out} to have the types of the flows, but it is out of date. Run the command without --check.`,
    );
    return 1;
  }
  writeFileSync(place, text);
  return 0;
}

function contentOf(place: string): string | null {
  try {
    return readFileSync(place, 'utf8');
  } catch {
    return null;
  }
}
