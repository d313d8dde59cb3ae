import { expect, it } from 'vitest';
import { readDefinition } from '../../src/language/read-definition.js';
import { isEndless } from '../../src/language/structure/input/endless-pattern.js';

it.each([
  '^(a+)+$',
  '^((a)+)+$',
  '^(\\w+\\s?)*$',
  '^((\\w+)\\s?)*$',
  '^(?:[^"]*,?)+$',
  '^(?<name>[a-z]*)*$',
  '^(a{2,5})*$',
  '^(a+){10}$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
])('%s can go on without end', (pattern) => {
  expect(isEndless(pattern)).toBe(true);
});

it.each([
  '^[a-z]+$',
  '^([+-])*$',
  '^(\\d{3}-){2}$',
  '^(a|b)*$',
  '^(a+)?$',
  '^(\\(\\+)*$',
  '^[(+)]*[a+]*$',
  '^\\p{L}+( \\p{L})?$',
  '(?=a+)b*',
  '^(\\.\\d{2})+$',
])('%s ends', (pattern) => {
  expect(isEndless(pattern)).toBe(false);
});

it('is not held against a flow that is published', () => {
  const flow =
    'flow: a\ninput: { type: object, patternProperties: { "^((a)+)+$": {} } }\n' +
    'nodes: { begin: { start: true }, done: { end: done } }\nedges: [begin -> done]\n';
  expect(readDefinition(flow, 'a').problems).toMatchObject([{ code: 'BAD_INPUT_SCHEMA', line: 2, column: 45 }]);
  expect(readDefinition(flow, 'a@1', null).problems).toEqual([]);
});
