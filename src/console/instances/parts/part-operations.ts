import { textOf } from '../../access/audit/entry-of.js';
import type { Operation } from '../../openapi/operation.js';
import * as requests from '../../requests.js';
import * as views from '../../views.js';
import { SettleBody } from './settle-body.js';

/** What is served of the participants of a node. */
export const PART_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/instances/{id}/settle',
    id: 'settleParticipant',
    tag: 'instances',
    summary: 'Declare that a participant which could not confirm, or cancel, is settled.',
    told: (asked) => ({ participant: textOf(asked, 'participant') }),
    params: requests.InstancePath,
    body: SettleBody,
    answers: { 202: ['It counts as settled.', views.Accepted] },
    refusals: {
      404: 'There is no such instance.',
      409: 'Nothing of it is to be settled by hand, or several are, and none is named.',
      415: 'The body is not JSON.',
      422: 'The body is not as described.',
    },
  },
];
