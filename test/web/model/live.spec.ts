import { describe, expect, it } from 'vitest';
import { isNews, patchInstance, patchRows } from '../../../web/src/model/patch.js';
import { event, instance, node, row } from './views.js';

const NOW = '2026-11-21T12:00:00.000Z';
const id = (n: number): string => `019aa000-0000-7000-8000-00000000000${n}`;

describe('an event in a list', () => {
  const pages = [
    { items: [row({ id: id(9) }), row({ id: id(5) })], next: 'c' },
    { items: [row({ id: id(3) })], next: null },
  ];

  it('changes its row where it stands, and no other page', () => {
    const after = patchRows(pages, event({ status: 'incident', incidents: 1, active: 1 }), NOW);
    expect(after?.map((page) => page.items.map((each) => [each.id, each.status]))).toEqual([
      [
        [id(9), 'running'],
        [id(5), 'incident'],
      ],
      [[id(3), 'running']],
    ]);
    expect(after?.[0]?.items[1]?.incidents).toBe(1);
    expect(after?.[1]).toBe(pages[1]);
  });

  it('is none of a list that does not hold it', () => {
    expect(patchRows(pages, event({ id: id(1) }), NOW)).toBeNull();
  });

  it('ends a row at the time it tells, else now, and opens it again after a retry', () => {
    const ended = (more: object): unknown => patchRows(pages, event(more), NOW)?.[0]?.items[1]?.endedAt;
    expect(ended({ status: 'completed', endedAt: '2026-11-21T11:59:59.000Z' })).toBe('2026-11-21T11:59:59.000Z');
    expect(ended({ status: 'completed' })).toBe(NOW);
    expect(ended({ status: 'running' })).toBeNull();
  });

  it('is news only when it is younger than all, and fits the filter', () => {
    expect(isNews(id(5), event({ id: id(6) }), {})).toBe(true);
    expect(isNews(id(5), event({ id: id(4) }), {})).toBe(false);
    expect(isNews(undefined, event(), {})).toBe(true);
    expect(isNews(id(5), event({ id: id(6) }), { flow: 'loan', status: 'running', key: 'L-' })).toBe(true);
    expect(isNews(id(5), event({ id: id(6) }), { flow: 'other' })).toBe(false);
    expect(isNews(id(5), event({ id: id(6) }), { status: 'failed' })).toBe(false);
    expect(isNews(id(5), event({ id: id(6), key: null }), { key: 'L' })).toBe(false);
  });
});

describe('an event in an open instance', () => {
  const open = instance({
    nodes: [node('begin', 'done'), node('pay', 'running', { output: { kept: true }, endedAt: null })],
    arrivals: { 1: 1 },
  });

  it('changes the nodes it names, keeps what it leaves out, and adds what is new', () => {
    const { output: _, attempts: __, ...changed } = node('pay', 'done', { attempt: 2 });
    const after = patchInstance(open, event({ nodes: [changed, node('pay', 'queued', { visit: 2 })] }), NOW);
    expect(after.nodes.map((each) => [each.node, each.visit, each.shown])).toEqual([
      ['begin', 1, 'done'],
      ['pay', 1, 'done'],
      ['pay', 2, 'queued'],
    ]);
    expect(after.nodes[1]).toMatchObject({ attempt: 2, output: { kept: true } });
    expect(after.nodes[0]).toBe(open.nodes[0]);
  });

  it('carries status, outcome and arrivals over', () => {
    const after = patchInstance(open, event({ status: 'completed', outcome: 'paid', endedAt: NOW, arrivals: {} }), NOW);
    expect(after).toMatchObject({ status: 'completed', outcome: 'paid', endedAt: NOW, arrivals: {} });
    expect(patchInstance(open, event(), NOW).arrivals).toEqual({ 1: 1 });
  });
});
