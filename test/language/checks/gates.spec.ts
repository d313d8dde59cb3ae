import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, flowText } from '../flow-text.js';

const text = (a: string, more = '') =>
  flowText({
    nodes: `  work: { task: demo.work }\n  a: { task: demo.a${a} }\n  b: { timer: 1h }\n  all: { join: all }\n${more}`,
    edges: '  - begin -> work -> a & b -> all -> done\n',
  });
const nodeOf = (source: string) => readDefinition(source, 'e.flow.yaml').definition?.nodes.get('a');

describe('waiting for other nodes', () => {
  it('reads a mutex and a milestone', () => {
    expect(codesOf(text(', mutex: m, while: b'))).toEqual([]);
    expect(nodeOf(text(', mutex: m, while: b'))).toMatchObject({ mutex: { name: 'm', section: false }, while: 'b' });
    expect(nodeOf(text(', mutex: { section: m }'))).toMatchObject({ mutex: { name: 'm', section: true } });
  });

  it.each([
    [', mutex: 5', 'WRONG_TYPE'],
    [', mutex: { section: m, also: n }', 'UNKNOWN_KEY'],
    [', while: c', 'UNKNOWN_NODE'],
    [', while: a', 'WHILE_NEVER_HOLDS'],
    [', while: all', 'WHILE_NEVER_HOLDS'],
  ])('refuses %s', (keys, code) => {
    expect(codesOf(text(keys))).toEqual([code]);
  });

  it('is not for ends, nor behind an event gateway', () => {
    expect(codesOf(flowText({ nodes: '  work: { task: demo.work }\n  off: { end: off, mutex: m }\n' }))).toContain(
      'MODIFIER_NOT_HERE',
    );
    const race = flowText({
      nodes:
        '  r: { gateway: event }\n  w: { wait: demo.w, mutex: m }\n  t: { timer: 1h }\n  work: { task: demo.work }\n',
      edges: '  - begin -> work -> r\n  - r -> w -> done\n  - r -> t -> done\n',
    });
    expect(codesOf(race)).toEqual(['RACE_LINE']);
  });
});
