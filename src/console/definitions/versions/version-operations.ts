import { memberOf, numberOf } from '../../access/audit/entry-of.js';
import type { Operation, Told } from '../../openapi/operation.js';
import { BAD_QUERY, NOT_JSON, UNKNOWN_FLOW } from '../../openapi/refusals.js';
import { DiffQuery, FlowPath } from '../../requests.js';
import { DiffView } from '../diff.controller.js';
import { ActivateBody, MigrateBody, MigrationView, VersionsView } from './version-views.js';

/** Routes about the versions of a flow. */
export const VERSION_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/definitions/{flow}/versions',
    id: 'listVersions',
    tag: 'definitions',
    summary: 'List the versions of a flow, and say which one starts get.',
    params: FlowPath,
    answers: { 200: ['The versions.', VersionsView] },
    refusals: UNKNOWN_FLOW,
  },
  {
    method: 'get',
    path: '/api/definitions/{flow}/diff',
    id: 'compareDefinitions',
    tag: 'definitions',
    summary: 'Tell how two versions of a definition differ.',
    params: FlowPath,
    query: DiffQuery,
    answers: { 200: ['What differs.', DiffView] },
    refusals: { ...BAD_QUERY, ...UNKNOWN_FLOW },
  },
  {
    method: 'post',
    path: '/api/definitions/{flow}/activate',
    id: 'activateVersion',
    tag: 'definitions',
    summary: 'Let starts get a version, until a new one is published.',
    needs: 'deployer',
    told: (asked) => ({ version: numberOf(asked, 'version') }),
    params: FlowPath,
    body: ActivateBody,
    answers: { 200: ['Starts get it, within a second at every engine.', VersionsView] },
    refusals: { ...UNKNOWN_FLOW, ...NOT_JSON },
  },
  {
    method: 'post',
    path: '/api/definitions/{flow}/migrate',
    id: 'migrateInstances',
    tag: 'definitions',
    summary: 'Let living instances go on in another version, or say which could.',
    needs: 'deployer',
    told: moves,
    params: FlowPath,
    body: MigrateBody,
    answers: { 200: ['What came of each, or would.', MigrationView] },
    refusals: { ...UNKNOWN_FLOW, ...NOT_JSON },
  },
];

/** How many were moved where; a page that finds none, or only says what would come of it, changes nothing. */
function moves(asked: unknown, answer: unknown): ReturnType<Told> {
  if (memberOf(asked, 'dryRun') !== false) return null;
  const items = memberOf(answer, 'items');
  const outcomes = Array.isArray(items) ? items.map((item) => memberOf(item, 'outcome')) : [];
  if (answer !== undefined && outcomes.length === 0) return null;
  const count = (...wanted: readonly string[]): number => outcomes.filter((one) => wanted.includes(String(one))).length;
  return {
    to: numberOf(asked, 'to'),
    from: numberOf(asked, 'from'),
    moved: count('moved'),
    stayed: count('stays', 'busy'),
  };
}
