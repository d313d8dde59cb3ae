import type { Definition } from '../../core/definition/definition.js';
import { formatProblem } from '../../language/problem.js';
import { readDefinition } from '../../language/read-definition.js';
import { schemaProblem } from '../../language/structure/input/schema-problem.js';
import { Refused, type Terminal } from '../terminal.js';
import { flowFiles } from './flow-files.js';

/** Reads one file; `null` when it has errors. Whatever is to be said about it goes to the error stream. */
export function soundDefinition(path: string, terminal: Terminal): Definition | null {
  const files = flowFiles([path], terminal.cwd);
  const [file] = files;
  if (!file || files.length > 1)
    throw new Refused(`Expected one file, but ${path} is a folder of several. Name one.`, 2);
  const { definition, problems } = readDefinition(file.bytes, file.name, undefined, terminal.plugins?.kinds);
  const unusable = definition && schemaProblem(definition, new TextDecoder().decode(file.bytes), file.name);
  for (const problem of unusable ? [...problems, unusable] : problems)
    terminal.err(`${formatProblem(problem, terminal)}\n`);
  return unusable ? null : definition;
}
