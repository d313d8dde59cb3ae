import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, problemsOf } from '../flow-text.js';

const flowOf = (node: string, ...edges: readonly string[]): string =>
  [
    'flow: people',
    'input: { type: object, properties: { desk: { type: string } } }',
    'nodes:',
    '  begin: { start: true }',
    `  m: ${node}`,
    '  done: { end: success }',
    'edges:',
    '  - begin -> m',
    ...(edges.length > 0 ? edges : ['m -> done']).map((edge) => `  - ${edge}`),
    '',
  ].join('\n');

describe('a manual node', () => {
  it('is read with what the person is asked for', () => {
    const text = flowOf(
      '{ manual: { title: Sign, assignee: input.desk, form: { type: object } }, in: { d: input.desk }, due: 2h, timeout: 1d, out: { by: result.by } }',
      'm -> done: result.ok and vars.by != ""',
      'm -> done: else',
      'm -> done: on timeout',
    );
    const { definition, problems } = readDefinition(text, 'people.flow.yaml');
    expect(problems).toEqual([]);
    expect(definition?.nodes.get('m')).toMatchObject({
      kind: 'manual',
      title: 'Sign',
      assignee: { text: 'input.desk' },
      form: { type: 'object' },
      dueMs: 7_200_000,
      timeoutMs: 86_400_000,
    });
  });

  it.each([
    ['no title', '{ manual: { assignee: input.desk } }', 'MISSING_KEY'],
    ['a value that is no map', '{ manual: Sign }', 'WRONG_TYPE'],
    ['an unknown key', '{ manual: { title: Sign, asignee: input.desk } }', 'UNKNOWN_KEY'],
    ['an assignee that cannot be read', '{ manual: { title: Sign, assignee: "input." } }', 'BAD_EXPRESSION'],
    ['an assignee that is not there', '{ manual: { title: Sign, assignee: input.dsk } }', 'UNKNOWN_INPUT'],
    ['a result where none comes', '{ manual: { title: Sign }, in: { x: result.x } }', 'RESULT_NOT_HERE'],
    ['a form that is no schema', '{ manual: { title: Sign, form: { type: numer } } }', 'BAD_INPUT_SCHEMA'],
    ['a due that is no duration', '{ manual: { title: Sign }, due: tomorrow }', 'BAD_DURATION'],
    ['a time of nothing', '{ manual: { title: Sign }, timeout: 0s }', 'OUT_OF_RANGE'],
    ['retries', '{ manual: { title: Sign }, retry: { max: 1 } }', 'MODIFIER_NOT_HERE'],
    ['due on another kind', '{ task: demo.sign, due: 1h }', 'MODIFIER_NOT_HERE'],
  ])('refuses %s', (_, node, code) => {
    expect(codesOf(flowOf(node))).toEqual([code]);
  });

  it('says at the form what is wrong with it', () => {
    const [problem] = problemsOf(flowOf('{ manual: { title: Sign, form: { properties: { a: { type: txt } } } } }'));
    expect(problem).toMatchObject({ line: 5, column: 64 });
  });

  it('never fails, and times out only with a time', () => {
    const node = '{ manual: { title: Sign } }';
    expect(codesOf(flowOf(node, 'm -> done', 'm -> done: on timeout'))).toEqual(['NEVER_TAKEN']);
    expect(codesOf(flowOf(node, 'm -> done', 'm -> done: on error *'))).toEqual(['BOUNDARY_NOT_TASK']);
  });
});
