import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { hintOfUnknownKey } from '../../../src/language/report/unknown-key.js';

/** A flow with one node `work` of which `node` is the text; gives the hints about keys. */
const hints = (node: string, top = ''): (string | null | undefined)[] =>
  readDefinition(
    `flow: demo\n${top}\nnodes:\n  begin: { start: true }\n  work: ${node}\n  done: { end: done }\nedges:\n  - begin -> work\n  - work -> done\n`,
    'demo.flow.yaml',
  )
    .problems.filter(({ code }) => code === 'UNKNOWN_KEY')
    .map(({ hint }) => hint);

describe('a key that is none', () => {
  it.each([
    ['{ task: x.y, attempts: 3 }', 'It is called `retry` here.'],
    ['{ task: x.y, maxAttempts: 3 }', 'It is called `retry` here.'],
    ['{ task: x.y, parameters: { a: 1 } }', 'It is called `in` here.'],
    ['{ wait: paid, key: input.id }', 'It is called `match` here.'],
    ['{ wait: paid, after: 5m }', 'It is called `timeout` here.'],
    ['{ task: x.y, next: done }', 'Where a node leads is said under `edges`, such as `- first -> second`.'],
    ['{ task: x.y, timout: 5s }', 'Did you mean `timeout`?'],
  ])('in %s: %s', (node, hint) => expect(hints(node)).toEqual([hint]));

  it('is answered with all keys there are where nothing is near', () => {
    expect(hints('{ end: done2, colour: red }')).toEqual([
      expect.stringMatching(/^It takes end, title, tags, .*visits/),
    ]);
  });

  it('is answered with the keys of the map that it is in, or with nothing', () => {
    expect(hints('{ task: x.y, retry: { maximum: 3, colour: 1 } }')).toEqual([
      'It takes local, remote, max, backoff.',
      'It takes local, remote, max, backoff.',
    ]);
    expect(hints('{ task: x.y, limit: { max: 3, timout: 1 } }')).toEqual([null]);
  });

  it('says where variables come from, and of the file where they are declared', () => {
    expect(hints('{ task: x.y, vars: { a: 1 } }')).toEqual([expect.stringContaining('as soon as')]);
    expect(hints('{ task: x.y }', 'variables: { a: 1 }')).toEqual(['It is called `vars` here.']);
  });

  it('is not taken for what every object has', () => {
    expect(hintOfUnknownKey('constructor', ['task'])).toBe('It takes task.');
  });
});
