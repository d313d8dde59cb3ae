import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { cpuMs } from '../yaml/timed.js';
import { check, withCharacterGone, withCharacterReplaced, withLineGoneOrDoubled } from './mutants.js';

const FOLDER = join(import.meta.dirname, '../../../definitions');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.flow.yaml'));
const read = (text: string) => {
  const { definition, problems } = readDefinition(text, 'mutant.flow.yaml');
  return { result: definition, problems };
};

describe.each(FILES)('%s', (name) => {
  // Without comments: what happens in one changes nothing, and takes as long.
  const text = readFileSync(join(FOLDER, name), 'utf8').replace(/(^|\s)#.*$/gm, '');
  it('with any one character gone', () => {
    for (const mutant of withCharacterGone(text)) check(mutant, read);
  }, 180_000);

  it('with any one character become another', () => {
    for (const mutant of withCharacterReplaced(text)) check(mutant, read);
  }, 180_000);

  it('with any one line gone or doubled', () => {
    for (const mutant of withLineGoneOrDoubled(text)) check(mutant, read);
  }, 60_000);
});

it('a flow of 500 nodes is checked in under 300 ms', () => {
  const nodes = Array.from(
    { length: 247 },
    (_, i) => `  a${i}: { task: demo.a, in: { x: input.x } }\n  g${i}: { gateway: exclusive }`,
  );
  const edges = Array.from({ length: 247 }, (_, i) => {
    const next = i === 246 ? 'done' : `a${i + 1}`;
    return `  - a${i} -> g${i}\n  - g${i} -> ${next}: a${i}.ok == true\n  - g${i} -> no: else`;
  });
  const text = `flow: large\nnodes:\n  begin: { start: true }\n${nodes.join('\n')}\n  done: { end: done }\n  no: { end: no }\nedges:\n  - begin -> a0\n${edges.join('\n')}\n`;
  const times = Array.from({ length: 7 }, () =>
    cpuMs(() => expect(readDefinition(text, 'large.flow.yaml').problems).toEqual([])),
  );
  // Of the processor's own time, and the best of several: other work on the machine is not the check's.
  expect(Math.min(...times)).toBeLessThan(300);
});
