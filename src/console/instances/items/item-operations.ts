import type { Operation } from '../../openapi/operation.js';
import { BAD_BODY, UNKNOWN_INSTANCE } from '../../openapi/refusals.js';
import * as requests from '../../requests.js';
import * as views from '../../views.js';

/** What is served of the items of a node. */
export const ITEM_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/instances/{id}/items',
    id: 'addItems',
    tag: 'instances',
    summary: 'Add items to those of a node that takes more.',
    params: requests.InstancePath,
    body: requests.ItemsBody,
    answers: { 202: ['They are added.', views.Accepted] },
    refusals: {
      ...UNKNOWN_INSTANCE,
      409: 'The node takes no more items, or others were added since.',
      ...BAD_BODY,
    },
  },
];
