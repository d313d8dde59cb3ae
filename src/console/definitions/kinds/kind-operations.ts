import type { Operation } from '../../openapi/operation.js';
import { BAD_QUERY } from '../../openapi/refusals.js';
import { KindsView } from './kind-views.js';

/** Routes about kinds of node. */
export const KIND_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/node-types',
    id: 'listNodeTypes',
    tag: 'definitions',
    summary: 'List the kinds of node that plugins bring, and the plugins that were refused.',
    answers: { 200: ['Those of the engine that answers.', KindsView] },
    refusals: BAD_QUERY,
  },
];
