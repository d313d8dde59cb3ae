import type { TypedTask } from '../../../../core/definition/starting/variables.js';
import type { Report } from '../../../report/report.js';
import type { Tree } from '../../../yaml/tree.js';
import type { BuiltPart } from '../node-reader.js';
import { readReturns } from '../../top/read-types.js';

/** What the handler of a task must answer. `null`: it cannot be read. */
export function buildReturns(tree: Tree, report: Report): BuiltPart<TypedTask> | null {
  const read = readReturns(tree, report);
  return read && { rule: { returns: read.type }, expressions: [] };
}
