import { describe, expect, it } from 'vitest';
import type { FlowMap, NodeView } from '../../../web/src/api/wire.js';
import { instanceLook, isOver, nodeLook } from '../../../web/src/model/graph/looks.js';
import { edgeIds, isWide, mermaidIdOf, turned } from '../../../web/src/model/graph/mermaid.js';
import { badge, paintNodes, speakingVisit, takenEdges, visitsByNode } from '../../../web/src/model/graph/paint.js';
import { node } from './views.js';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const map: FlowMap = {
  nodes: [
    { id: 'begin', mermaid: 'n_begin', kind: 'start', title: null, participants: null, secrets: [] },
    { id: 'pay', mermaid: 'n_pay', kind: 'task', title: 'Pay out', participants: null, secrets: [] },
    { id: 'done', mermaid: 'n_done', kind: 'end', title: null, participants: null, secrets: [] },
  ],
  edges: [
    { index: 4, from: 'begin', to: 'pay', label: null },
    { index: 9, from: 'pay', to: 'done', label: 'ok' },
    { index: 2, from: 'pay', to: 'done', label: 'else' },
    { index: 5, from: 'pay', to: 'done', label: 'on timeout' },
  ],
};

describe('how a state looks', () => {
  const shown = [
    'queued',
    'running',
    'held',
    'delayed',
    'waiting',
    'retrying',
    'done',
    'incident',
    'skipped',
    'cancelled',
  ];

  it('has a word and an icon of its own for every state, so that colour is never alone', () => {
    const words = shown.map((state) => nodeLook(state).label);
    expect(new Set(words).size).toBe(shown.length);
    for (const state of shown) expect(nodeLook(state).icon).not.toBe('dot');
  });

  it('shows a state it does not know by its own word', () => {
    expect(nodeLook('dreaming')).toEqual({ label: 'dreaming', tone: 'off', icon: 'dot', moving: false });
    expect(nodeLook('constructor').label).toBe('constructor');
    expect(instanceLook('toString').label).toBe('toString');
  });

  it('knows which instances are over', () => {
    expect(['completed', 'failed', 'cancelled', 'incident', 'paused'].map(isOver)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the paint of a graph', () => {
  it('lets trouble speak before movement, movement before the past, and the latest among equals', () => {
    const visits = (...states: string[]): NodeView[] =>
      states.map((state, index) => node('pay', state, { visit: index + 1 }));
    expect(speakingVisit(visits('incident', 'running', 'done'))?.visit).toBe(1);
    expect(speakingVisit(visits('done', 'running', 'done'))?.visit).toBe(2);
    expect(speakingVisit(visits('done', 'done', 'done'))?.visit).toBe(3);
    expect(speakingVisit([])).toBeNull();
  });

  it('says attempts and time in the badge', () => {
    const took = { startedAt: '2026-11-21T11:59:00.000Z', endedAt: '2026-11-21T11:59:02.400Z' };
    expect(badge([node('pay', 'done', took)], NOW)).toBe('2.4 s');
    expect(badge([node('pay', 'done', { ...took, attempt: 3 })], NOW)).toBe('×3 · 2.4 s');
    expect(badge([node('pay', 'done', took), node('pay', 'done', { ...took, visit: 2 })], NOW)).toBe(
      '2 visits · 2.4 s',
    );
  });

  it('counts on while a node moves, and stops at an incident', () => {
    const open = { startedAt: '2026-11-21T11:58:55.000Z', endedAt: null };
    expect(badge([node('pay', 'running', open)], NOW)).toBe('1m 05s');
    expect(badge([node('pay', 'incident', { ...open, attempt: 2 })], NOW)).toBe('×2');
  });

  it('gives nodes that take no time no badge', () => {
    const at = '2026-11-21T11:59:00.000Z';
    expect(badge([node('begin', 'done', { startedAt: at, endedAt: at })], NOW)).toBeNull();
  });

  it('labels every node of the map in words', () => {
    const failed = node('pay', 'incident', {
      attempt: 3,
      endedAt: null,
      error: { code: 'BANK_DOWN', message: '', permanent: false },
    });
    const paints = paintNodes(map, [node('begin', 'done'), failed], NOW);
    expect(paints.get('pay')).toEqual({
      shown: 'incident',
      badge: '×3',
      label: 'Pay out (pay), task, incident, attempt 3, BANK_DOWN',
    });
    expect(paints.get('done')).toEqual({ shown: 'none', badge: null, label: 'done, end, not reached' });
    expect(paintNodes(map, null, NOW).get('done')?.label).toBe('done, end');
  });

  it('orders the visits of a node', () => {
    const byNode = visitsByNode([node('pay', 'done', { visit: 2 }), node('begin', 'done'), node('pay', 'done')]);
    expect(byNode.get('pay')?.map((each) => each.visit)).toEqual([1, 2]);
  });
});

describe('the edges', () => {
  it('are taken when a node was entered by them, or when something waits at their end', () => {
    const nodes = [node('begin', 'done'), node('pay', 'done', { via: [4] }), node('done', 'done', { via: [2, 9] })];
    expect([...takenEdges(nodes, { 7: 1, 8: 0 })].sort()).toEqual([2, 4, 7, 9]);
    expect(takenEdges([], {}).size).toBe(0);
  });

  it('are told apart by their place among those between the same two nodes', () => {
    expect([...edgeIds(map)]).toEqual([
      ['L_n_begin_n_pay_0', 4],
      ['L_n_pay_n_done_0', 9],
      ['L_n_pay_n_done_2', 2],
      ['L_n_pay_n_done_3', 5],
    ]);
  });
});

describe('what Mermaid names', () => {
  it('is read back to the id in the text', () => {
    expect(mermaidIdOf('flow1a', 'flow1a-flowchart-n_pay-12')).toBe('n_pay');
    expect(mermaidIdOf('flow1a', 'flow1a-flowchart-n_pay')).toBeNull();
    expect(mermaidIdOf('flow1a', 'other-flowchart-n_pay-12')).toBeNull();
  });

  it('can be turned, and turned back', () => {
    const text = 'flowchart LR\n  LR["flowchart TB"]\n';
    expect(turned(text)).toBe('flowchart TB\n  LR["flowchart TB"]\n');
    expect(turned(turned(text))).toBe(text);
    expect([text, turned(text), 'pie'].map(isWide)).toEqual([true, false, false]);
  });
});
