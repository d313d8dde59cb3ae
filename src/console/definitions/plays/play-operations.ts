import { numberOf, textOf } from '../../access/audit/entry-of.js';
import type { Operation, Told } from '../../openapi/operation.js';
import { BAD_QUERY, BUSY, NOT_JSON } from '../../openapi/refusals.js';
import { PageQuery, Receipt } from '../../requests.js';
import {
  ChangePlayBody,
  PlayBody,
  PlayPage,
  PlayPath,
  PlayRevisionPage,
  PlayRow,
  PlayStartBody,
  PlayStarted,
  PlaysQuery,
  PlayView,
  TurnPlayBody,
} from './play-views.js';

const UNKNOWN = { 404: 'There is no such play.' };
const MISFIT = {
  ...NOT_JSON,
  422: 'It does not fit the flow, or is not as described: see `violations`.',
};
const VERBS = {
  pause: 'Let a play start nobody for now.',
  resume: 'Let a paused play start again.',
  end: 'End a play for ever; what it has started goes on.',
} as const;

/** What it came to; the play itself keeps the rest. */
const revised: Told = (asked, answer) => ({
  play: textOf(answer, 'code') ?? textOf(asked, 'code'),
  revision: numberOf(answer, 'revision'),
});

/** Routes about plays. */
export const PLAY_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/plays',
    id: 'listPlays',
    tag: 'plays',
    summary: 'List plays, by code.',
    query: PlaysQuery,
    answers: { 200: ['A page.', PlayPage] },
    refusals: BAD_QUERY,
  },
  {
    method: 'post',
    path: '/api/plays',
    id: 'createPlay',
    tag: 'plays',
    summary: 'Configure a flow: parameters, window, audience, quota.',
    told: revised,
    body: PlayBody,
    answers: { 201: ['It is live.', PlayRow] },
    refusals: { ...MISFIT, 404: 'There is no such flow.', 409: 'The code is taken.' },
  },
  {
    method: 'get',
    path: '/api/plays/{code}',
    id: 'showPlay',
    tag: 'plays',
    summary: 'Show a play, with what it has started.',
    params: PlayPath,
    answers: { 200: ['The play.', PlayView] },
    refusals: UNKNOWN,
  },
  {
    method: 'get',
    path: '/api/plays/{code}/revisions',
    id: 'listPlayRevisions',
    tag: 'plays',
    summary: 'List all that a play ever was, newest first, with who said so and why.',
    params: PlayPath,
    query: PageQuery,
    answers: { 200: ['A page.', PlayRevisionPage] },
    refusals: { ...UNKNOWN, ...BAD_QUERY },
  },
  {
    method: 'post',
    path: '/api/plays/{code}/change',
    id: 'changePlay',
    tag: 'plays',
    summary: 'Change a play from now on; what it has started keeps what it was started with.',
    params: PlayPath,
    told: revised,
    body: ChangePlayBody,
    answers: { 200: ['The new revision.', PlayRow] },
    refusals: { ...UNKNOWN, ...MISFIT, 409: 'It has ended, or somebody else changed it since.' },
  },
  ...(['pause', 'resume', 'end'] as const).map(
    (verb): Operation => ({
      method: 'post',
      path: `/api/plays/{code}/${verb}`,
      id: `${verb}Play`,
      tag: 'plays',
      summary: VERBS[verb],
      params: PlayPath,
      told: revised,
      body: TurnPlayBody,
      answers: { 200: ['It is done.', PlayRow] },
      refusals: { ...UNKNOWN, 409: 'It is in another state.', ...NOT_JSON },
    }),
  ),
  {
    method: 'post',
    path: '/api/plays/{code}/start',
    id: 'startPlay',
    tag: 'plays',
    summary: 'Start an instance by a play.',
    params: PlayPath,
    told: null,
    headers: { 'Idempotency-Key': Receipt },
    body: PlayStartBody,
    answers: { 201: ['It was created.', PlayStarted], 200: ['It was there before.', PlayStarted] },
    refusals: {
      ...UNKNOWN,
      ...MISFIT,
      409: 'The play is paused, not open or over, its quota is used up, or it is for others.',
      ...BUSY,
    },
  },
];
