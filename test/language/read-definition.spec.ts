import { describe, expect, it } from 'vitest';
import type { Definition, LineWhen, TaskNode } from '../../src/core/definition/definition.js';
import { formatProblem, formatProblemLine } from '../../src/language/problem.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { codesOf, flowText, placesOf, problemsOf } from './flow-text.js';
import { LOAN_FLOW } from './loan-flow.js';

function definitionOf(text: string): Definition {
  const { definition, problems } = readDefinition(text, 'example.flow.yaml');
  if (!definition) throw new Error(problems.map(formatProblemLine).join('\n'));
  return definition;
}

const taskOf = (definition: Definition, id: string): TaskNode => definition.nodes.get(id) as TaskNode;
const whenOf = (when: LineWhen): string => {
  if (when.type === 'if') return when.condition.text;
  return when.type === 'error' ? `error ${when.pattern}` : when.type;
};

describe('the loan flow', () => {
  const loan = definitionOf(LOAN_FLOW);

  it('keeps its head, and the order of its nodes', () => {
    expect(loan).toMatchObject({
      flow: 'loan_disbursement',
      version: 0,
      title: 'Loan disbursement',
      description: null,
    });
    expect(loan.key?.text).toBe('input.loanId');
    expect(loan.input?.['required']).toEqual(['loanId', 'amount', 'bank']);
    expect([...loan.nodes.values()].map(({ id, kind }) => `${id} ${kind}`).slice(0, 6)).toEqual([
      'begin start',
      'review task',
      'kyc task',
      'credit task',
      'checked join',
      'disburse task',
    ]);
  });

  it('takes what tasks do not say from the defaults of the file', () => {
    const retry = { local: [100, 300, 900], remote: [5_000, 30_000, 120_000], max: 20, backoff: null };
    expect(taskOf(loan, 'review')).toMatchObject({ timeoutMs: 30_000, retry, visits: 1_000, join: null, tags: [] });
    expect(taskOf(loan, 'disburse').timeoutMs).toBe(10_000);
    expect(taskOf(loan, 'callback').retry).toEqual({ ...retry, max: 0 });
    expect(taskOf(loan, 'kyc').in).toBeNull();
    expect([...(taskOf(loan, 'disburse').out ?? [])].map(([name, { text }]) => `${name}=${text}`)).toEqual([
      'paymentNo=result.paymentNo',
      "state='SENT'",
    ]);
  });

  it('has its lines in the order of the file, and numbers every edge', () => {
    const shown = loan.lines.map(({ from, to, when }) => `${from} -> ${to.join(' & ')}: ${whenOf(when)}`);
    expect(shown).toEqual([
      'begin -> review: always',
      'review -> kyc & credit: result.accepted == true',
      'review -> rejected: else',
      'kyc -> checked: always',
      'credit -> checked: always',
      'checked -> disburse: kyc.pass and credit.score >= 620',
      'checked -> rejected: else',
      'disburse -> settle: always',
      'settle -> callback: always',
      'disburse -> undo: error ACCOUNT_*',
      'callback -> done: result.status == "PAID"',
      'callback -> undo: else',
      'callback -> undo: timeout',
      'undo -> rejected: always',
    ]);
    expect(loan.edges.map(({ index }) => index)).toEqual(loan.edges.map((_, place) => place));
    for (const line of loan.lines) {
      expect(loan.lines[line.index]).toBe(line);
      expect(line.edges.map(({ to }) => to)).toEqual(line.to);
      for (const edge of line.edges) expect(loan.edges[edge.index]).toBe(edge);
    }
  });
});

describe('a definition', () => {
  it('fills in what nothing is said about', () => {
    expect(taskOf(definitionOf(flowText()), 'work')).toMatchObject({
      timeoutMs: 30_000,
      retry: { local: [], remote: [5_000, 30_000, 120_000], max: 3, backoff: null },
      with: null,
      out: null,
    });
  });

  it('reads every kind of node', () => {
    const nodes = `  set:   { set: { a: input.a, b: 5, c: [vars.a, "'x'"], d: { e: vars.b }, f: null } }
  gate:  { gateway: inclusive, title: "Which?", tags: [x, y] }
  wait:  { timer: { for: "'5m'" } }
  until: { timer: { until: input.at }, visits: 3 }
  both:  { join: taken }
  count: { task: demo.count, join: 1, with: { url: "https://example.org/{{id}}" } }
  no:    { end: { fail: NOT_POSSIBLE } }
  stop:  { end: terminate }
`;
    const edges = `  - begin -> set -> gate
  - gate -> wait:    vars.b == 5
  - gate -> until:   else
  - gate -> work:    not (vars.b == 5)
  - wait & work -> both -> count
  - until -> count
  - count -> no:     on exhausted
  - count -> stop:   on timeout
  - count -> done
`;
    const { nodes: read } = definitionOf(flowText({ nodes, edges }));
    const scope = Object.assign(Object.create(null), { input: { a: 1, at: 'x' }, vars: { a: 1, b: 5 } });
    const set = read.get('set');
    const values = set?.kind === 'set' ? [...set.set].map(([name, value]) => [name, value.value(scope)]) : [];
    expect(Object.fromEntries(values)).toEqual({ a: 1, b: 5, c: [1, 'x'], d: { e: 5 }, f: null });
    expect(set?.kind === 'set' ? set.set.get('c')?.reads : null).toEqual([['vars', 'a']]);
    expect(read.get('gate')).toMatchObject({ kind: 'gateway', mode: 'inclusive', title: 'Which?', tags: ['x', 'y'] });
    expect(read.get('wait')).toMatchObject({ timer: { for: { text: "'5m'" } } });
    expect(read.get('until')).toMatchObject({ timer: { until: { text: 'input.at' } }, visits: 3 });
    expect(read.get('both')).toMatchObject({ kind: 'join', join: { type: 'taken' } });
    expect(read.get('count')).toMatchObject({
      join: { type: 'count', count: 1 },
      with: { url: 'https://example.org/{{id}}' },
    });
    expect(read.get('no')).toMatchObject({ mode: 'fail', outcome: 'NOT_POSSIBLE' });
    expect(read.get('stop')).toMatchObject({ mode: 'terminate', outcome: 'terminated' });
    expect(read.get('done')).toMatchObject({ mode: 'finish', outcome: 'success' });
  });

  it('reads backoff instead of remote delays', () => {
    const text = flowText({
      nodes: '  work: { task: a, retry: { max: 5, backoff: { base: 1s, factor: 3, cap: 5m, jitter: 0.2 } } }\n',
    });
    expect(taskOf(definitionOf(text), 'work').retry).toMatchObject({
      max: 5,
      backoff: { baseMs: 1_000, factor: 3, capMs: 300_000, jitter: 0.2 },
    });
  });

  it('reads the long form of an edge as the short one', () => {
    const edges = `  - { from: begin, to: work, label: First }
  - { from: work, to: [done], when: "result.n > 1" }
  - { from: work, to: work, else: true }
  - { from: work, to: done, event: on error NO_* }
`;
    const { lines } = definitionOf(flowText({ edges }));
    expect(lines.map(({ to, when, label }) => `${to} ${whenOf(when)} ${label}`)).toEqual([
      'work always First',
      'done result.n > 1 null',
      'work else null',
      'done error NO_* null',
    ]);
  });

  it('reads arrows without spaces, and fans on both sides', () => {
    const nodes = '  a: { task: a }\n  b: { task: b }\n  c: { join: all }\n';
    const { lines } = definitionOf(
      flowText({ nodes: nodes, edges: '  - begin->work\n  - work->a&b\n  - a & b->c -> done\n' }),
    );
    expect(lines.map(({ from, to }) => `${from}>${to}`)).toEqual(['begin>work', 'work>a,b', 'a>c', 'b>c', 'c>done']);
  });
});

describe('a faulty edge', () => {
  const edge = (line: string): string[] => placesOf(flowText({ edges: `  - begin -> work -> done\n  - ${line}\n` }));

  it.each([
    ['work', 'BAD_EDGE 8:5'],
    ['work ->', 'BAD_EDGE 8:12'],
    ['-> work', 'BAD_EDGE 8:5'],
    ['work => done', 'BAD_EDGE 8:10'],
    ['work -> done, work', 'BAD_EDGE 8:17'],
    ['work -> done & done', 'DUPLICATE_TARGET 8:20'],
    ['work -> done:result.x', 'SPACE_AFTER_COLON 8:17'],
    ['work -> done -> work: result.x', 'CONDITION_ON_CHAIN 8:27'],
    ['work -> done:', 'EMPTY_CONDITION 8:18'],
    ['work -> done: # x', 'EMPTY_CONDITION 8:19'],
    ['work -> done: on error', 'BAD_EDGE 8:22'],
    ['work -> done: on error lower', 'BAD_EDGE 8:28'],
    ['work -> done: on error A B', 'BAD_EDGE 8:30'],
    ['work -> done: on timeout 5s', 'BAD_EDGE 8:30'],
    ['work -> done: on tiemout', 'BAD_EDGE 8:22'],
    ['work -> done: [result.x]', 'BAD_EDGE 8:19'],
    ['work -> done: 5', 'BAD_EDGE 8:19'],
    ['[work, done]', 'BAD_EDGE 8:5'],
    ['5', 'BAD_EDGE 8:5'],
    ['{ from: work }', 'MISSING_KEY 8:7'],
    ['{ from: work, to: done, wehn: x }', 'UNKNOWN_KEY 8:29'],
    ['{ from: work, to: "a b" }', 'BAD_EDGE 8:23'],
  ])('%s', (line, place) => {
    expect(edge(line)).toContain(place);
  });

  it('takes at most one edge in a list entry', () => {
    expect(codesOf(flowText({ edges: '  - begin -> work: input.x\n    work -> done: else\n' }))).toContain('BAD_EDGE');
  });
});

describe('a problem', () => {
  const [problem] = problemsOf(flowText({ edges: '  - begin -> wrok -> done\n' }));

  it('is shown with its line, a caret and a hint', () => {
    expect(problem && formatProblem(problem)).toBe(
      [
        'error[UNKNOWN_NODE]: Expected the id of a node, but there is none named `wrok`.',
        '  ┌─ example.flow.yaml:7:14',
        '  │',
        '7 │   - begin -> wrok -> done',
        '  │              ^^^^ Did you mean `work`?',
      ].join('\n'),
    );
  });

  it('is coloured on demand', () => {
    expect(problem && formatProblem(problem, { colour: true })).toContain('\u001b[31merror[UNKNOWN_NODE]\u001b[0m');
  });

  it('is one line for editors', () => {
    expect(problem && formatProblemLine(problem)).toBe(
      'example.flow.yaml:7:14: UNKNOWN_NODE Expected the id of a node, but there is none named `wrok`. Did you mean `work`?',
    );
  });

  it('cannot send control sequences to a terminal, nor flood it', () => {
    const nasty = problemsOf(`flow: a\u001b[2J${'x'.repeat(100_000)}\u202e`)
      .map((it) => formatProblem(it))
      .join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(nasty).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(nasty.length).toBeLessThan(2_000);
  });
});
