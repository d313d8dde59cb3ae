import type { Operation } from '../openapi/operation.js';
import { BAD_QUERY } from '../openapi/refusals.js';
import * as views from '../views.js';

/** Routes about the server itself. */
export const SYSTEM_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/me',
    id: 'showMe',
    tag: 'system',
    summary: 'Say whose token this is, with its roles, and what serves.',
    answers: { 200: ['You and the server.', views.Me] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    id: 'describeApi',
    tag: 'system',
    summary: 'This document.',
    answers: { 200: ['OpenAPI 3.1.', 'application/json'] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/health/live',
    id: 'live',
    tag: 'system',
    summary: 'Is the process alive?',
    open: true,
    answers: { 200: ['It is.', views.Live] },
    refusals: {},
  },
  {
    method: 'get',
    path: '/health/ready',
    id: 'ready',
    tag: 'system',
    summary: 'Can it do its work?',
    open: true,
    answers: { 200: ['It can.', views.Ready], 503: ['It cannot.', views.Ready] },
    refusals: {},
  },
  {
    method: 'get',
    path: '/metrics',
    id: 'metrics',
    tag: 'system',
    summary: 'Metrics in the text format of Prometheus.',
    answers: { 200: ['Metrics.', 'text/plain'] },
    refusals: {},
  },
];
