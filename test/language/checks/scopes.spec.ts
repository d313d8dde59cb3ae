import { describe, expect, it } from 'vitest';
import { codesOf, flowText } from '../flow-text.js';

const block = (scope: string, lines: readonly string[], more: readonly string[] = []) =>
  flowText({
    nodes: [
      `a: { task: demo.a${scope} }`,
      `b: { task: demo.b${scope} }`,
      `both: { join: all${scope} }`,
      'work: { task: demo.work }',
      'off: { end: off }',
      ...more,
    ]
      .map((node) => `  ${node}\n`)
      .join(''),
    edges: ['begin -> work -> a & b -> both -> done', ...lines].map((edge) => `  - ${edge}\n`).join(''),
  });

describe('a scope', () => {
  it('lets a failure leave a parallel block', () => {
    expect(codesOf(block('', ['a -> off: on error *']))).toEqual(['MAY_WAIT_FOREVER']);
    expect(codesOf(block(', scope: s', ['a -> off: on error *']))).toEqual([]);
    expect(codesOf(block(', scope: [s, t]', ['a -> off: on error *']))).toEqual([]);
  });

  it('lets none that goes on to a join outside of it, which would get too little', () => {
    const wider = ['work -> c: on exhausted', 'c -> all', 'a -> off: on error *'];
    const text = block(', scope: s', wider, ['c: { task: demo.c }', 'all: { join: all }']);
    const joined = text.replace('both -> done', 'both -> all -> done');
    expect(codesOf(joined)).not.toEqual([]);
  });

  it('that an edge names must be there, and one that is there must be named or left', () => {
    const named = (name: string) =>
      block(', scope: s', [`{ from: work, to: off, event: on error X, cancels: ${name} }`]);
    expect(codesOf(named('s'))).toEqual([]);
    expect(codesOf(named('t'))).toEqual(['SCOPE_WITHOUT_END', 'UNKNOWN_SCOPE']);
    expect(codesOf(block(', scope: s', ['work -> off: on error *']))).toEqual(['SCOPE_WITHOUT_END']);
  });

  it('has a name, or up to eight', () => {
    expect(codesOf(block(', scope: 5', []))).toContain('WRONG_TYPE');
    expect(codesOf(block(', scope: []', []))).not.toEqual([]);
    expect(codesOf(flowText({ nodes: '  work: { task: demo.work }\n  off: { end: off, scope: s }\n' }))).toContain(
      'MODIFIER_NOT_HERE',
    );
  });
});
