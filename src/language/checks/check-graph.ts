import type { Report } from '../report/report.js';
import type { Draft } from '../structure/draft.js';
import { checkReferences } from './check-references.js';

/** Everything that only the whole graph can tell. Later checks need what earlier ones have assured. */
export function checkGraph(draft: Draft, report: Report): void {
  checkReferences(draft, report);
}
