import type { Report } from '../report/report.js';
import type { Draft } from '../structure/draft.js';
import { allBranches } from './branches.js';
import { checkJoins } from './check-joins.js';
import { checkNames } from './check-names.js';
import { checkReach } from './check-reach.js';
import { checkReferences } from './check-references.js';
import { checkWrites } from './check-writes.js';
import { Graph } from './graph.js';
import { checkEach } from './kinds/check-each.js';
import { checkMerges, isolationOf } from './kinds/check-merges.js';
import { checkRaces } from './kinds/check-races.js';
import { checkUndo } from './kinds/check-undo.js';
import { checkLines } from './lines/check-lines.js';
import { checkUnused } from './use/check-unused.js';
import { checkTyped } from './use/typed/check-typed.js';

/** Everything that only the whole graph can tell. */
export function checkGraph(draft: Draft, report: Report): void {
  checkReferences(draft, report);
  checkLines(draft, report);
  const graph = new Graph(draft);
  checkReach(graph, report);
  checkRaces(graph, report);
  const branches = allBranches(graph);
  checkJoins(graph, branches, report);
  const isolation = isolationOf(graph);
  checkMerges(graph, isolation, report);
  checkWrites(graph, branches, isolation, report);
  checkEach(draft, report);
  checkUndo(draft, report);
  checkNames(graph, report);
  checkUnused(graph, report);
  checkTyped(graph, report);
}
