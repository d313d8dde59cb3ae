import { numberOf } from '../../access/audit/entry-of.js';
import type { Operation } from '../../openapi/operation.js';
import { BAD_QUERY, NOT_JSON } from '../../openapi/refusals.js';
import { NodePath, VisitQuery } from '../../requests.js';
import { CompleteBody, CompletedView, TaskPage, TasksQuery, TaskView } from './task-views.js';

/** Routes for the people that flows wait for. */
export const TASK_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/tasks',
    id: 'listTasks',
    tag: 'tasks',
    summary: 'List what people are asked to do, the oldest first.',
    query: TasksQuery,
    answers: { 200: ['A page.', TaskPage] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/instances/{id}/nodes/{node}/task',
    id: 'showTask',
    tag: 'tasks',
    summary: 'Show what a person is asked for at a manual node: its form, and what there is to see.',
    params: NodePath,
    query: VisitQuery,
    answers: { 200: ['The task.', TaskView] },
    refusals: { ...BAD_QUERY, 404: 'Nobody is asked there.' },
  },
  {
    method: 'post',
    path: '/api/instances/{id}/nodes/{node}/complete',
    id: 'completeTask',
    tag: 'tasks',
    summary: 'Complete a manual node with what its form asks for. The same output twice counts once.',
    // Whose task it is decides, and not the role alone.
    needs: 'viewer',
    told: (_asked, answer) => ({ visit: numberOf(answer, 'visit') }),
    params: NodePath,
    body: CompleteBody,
    answers: { 200: ['It is completed.', CompletedView] },
    refusals: {
      403: 'It is for somebody else.',
      404: 'There is no such instance, or it has not come to that node.',
      409: 'It is no manual node, or it waits for nobody any more.',
      ...NOT_JSON,
      422: 'The output is not what the form allows: see `violations`.',
    },
  },
];
