import type { CompensateNode, TaskNode } from '../../../src/core/definition/definition.js';
import { undoVisit } from '../../../src/core/definition/work/each.js';
import { task } from '../build-definition.js';

/** A task that the handler undoes. */
export const undoable =
  (handler: string, more: Parameters<typeof task>[0] = {}) =>
  (id: string): TaskNode => ({ ...task(more)(id), undo: { handler, in: null } });

/** Undoes everything unless said otherwise. */
export const compensate =
  (what = 'all') =>
  (id: string): CompensateNode => ({ id, title: null, tags: [], join: null, visits: 1_000, kind: 'compensate', what });

/** Undoing a visit, as its events name it. */
export const undoing = (visit = 1, attempt = 1) => ({ visit: undoVisit(visit), attempt });
