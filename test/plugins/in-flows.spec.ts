import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { TaskNode } from '../../src/core/definition/definition.js';
import { definitionDiagram } from '../../src/core/diagram/mermaid.js';
import { definitionJsonSchema } from '../../src/language/json-schema.js';
import { readDefinition } from '../../src/language/read-definition.js';
import type { NodeType } from '../../src/worker/plugins/node-type.js';
import { flowOf, kind, typesOf } from './kinds.js';

const SCHEMA = {
  type: 'object',
  required: ['limit'],
  properties: {
    limit: { type: 'integer', minimum: 1 },
    who: { type: 'string', expression: true },
    mode: { enum: ['fast', 'sure'] },
  },
};
const score = kind({ schema: SCHEMA, version: '1.2.0' });
const read = (node: string, types: readonly NodeType[] = [score], head = '') =>
  readDefinition(flowOf(node, head), 'example.flow.yaml', undefined, typesOf(...types).kinds);
const told = (node: string, types?: readonly NodeType[]): string[] =>
  read(node, types).problems.map(({ code, column, message, hint }) =>
    `${code} ${column} ${message} ${hint ?? ''}`.trim(),
  );
const workOf = (node: string, types?: readonly NodeType[], head?: string): TaskNode => {
  const { definition, problems } = read(node, types, head);
  expect(problems).toEqual([]);
  return definition?.nodes.get('work') as TaskNode;
};

describe('a node of a kind that a plugin brings', () => {
  it('is a task: its fields are literals, or expressions where the kind says so', () => {
    const node = workOf('{ acme.score: { limit: 3, who: input.name }, title: Score, tags: [risk] }');
    expect(node).toMatchObject({
      kind: 'task',
      handler: 'acme.score@1',
      custom: { name: 'acme.score', version: '1.2.0', shape: 'box' },
      with: { limit: 3, $version: '1.2.0' },
      title: 'Score',
      tags: ['risk'],
    });
    expect([...(node.in ?? [])].map(([name, { text }]) => [name, text])).toEqual([['who', 'input.name']]);
  });

  it('reads nothing but its fields', () => {
    expect(workOf('{ acme.score: { limit: 3 } }').in?.size).toBe(0);
  });

  it.each([
    ['{ acme.score: {} }', 'MISSING_KEY 11 Expected the field `limit`, but it is missing.'],
    [
      '{ acme.score: { limit: 0 } }',
      'BAD_FIELD 32 Expected `limit` to be what its kind allows, but it is the number 0, and must be >= 1.',
    ],
    [
      '{ acme.score: { limit: 3, mode: slow } }',
      'BAD_FIELD 41 Expected `mode` to be one of fast, sure, but it is `slow`.',
    ],
    [
      '{ acme.score: { limit: 3, limitt: 4 } }',
      'UNKNOWN_KEY 35 Expected a field of `acme.score`, but `limitt` is none. Did you mean `limit`?',
    ],
    [
      '{ acme.score: 3 }',
      'WRONG_TYPE 23 Expected the fields of `acme.score` as a map, but it is the number 3. Without fields: {}.',
    ],
    ['{ acme.score: { limit: 3, who: inptu.name } }', 'UNKNOWN_NAME 40 '],
    ['{ acme.score: { limit: 3 }, in: { a: 1 } }', 'MODIFIER_NOT_HERE 37 '],
    ['{ acme.score: { limit: 3 }, cache: { ttl: 1h } }', 'MODIFIER_NOT_HERE 37 '],
    ['{ acme.score: { limit: 3 }, task: other }', 'TWO_KINDS 37 '],
    [
      '{ acme.scroe: { limit: 3 } }',
      'UNKNOWN_KIND 11 Expected a kind of node that a plugin brings, but none brings `acme.scroe`. Did you mean `acme.score`?',
    ],
    [
      '{ acme.score@2: { limit: 3 } }',
      'UNKNOWN_KIND 11 Expected a version of `acme.score` that is loaded, but `acme.score@2` is not. There is `acme.score@1`.',
    ],
  ])('%s is refused at its place', (node, problem) => {
    const problems = told(node);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('says why its plugin was refused', () => {
    const [problem] = read('{ acme.score: {} }', [kind({ version: '1' })]).problems;
    expect(problem).toMatchObject({
      code: 'UNKNOWN_KIND',
      message:
        'Expected a kind of node that a plugin brings, but the plugin of `acme.score` (0.plugin.mjs) was refused.',
      hint: "Expected a `version` like 1.0.0, but it is '1'.",
    });
  });

  it('names its major version where there are several', () => {
    const types = [score, kind({ version: '2.0.0' })];
    expect(told('{ acme.score: { limit: 3 } }', types)[0]).toContain('Write `acme.score@1`.');
    expect(workOf('{ acme.score@2: {} }', types).handler).toBe('acme.score@2');
    expect(workOf('{ acme.score@1: { limit: 3 } }', types).handler).toBe('acme.score@1');
  });

  it('is looked at by its own check, whose findings have places', () => {
    const validate: NodeType['validate'] = ({ limit }, { node }) =>
      limit === 13 ? [{ path: '/limit', message: `Expected luck in ${node}, but it is 13.`, hint: 'Take 12.' }] : [];
    const careful = kind({ schema: SCHEMA, validate });
    expect(told('{ acme.score: { limit: 12 } }', [careful])).toEqual([]);
    expect(told('{ acme.score: { limit: 13 } }', [careful])).toEqual([
      'BAD_FIELD 32 Expected luck in work, but it is 13. Take 12.',
    ]);
  });

  it('whose check fails says so, and nothing else breaks', () => {
    const broken = kind({
      validate: () => {
        throw new Error('out of order');
      },
    });
    expect(told('{ acme.score: {} }', [broken])[0]).toContain('but its check failed: out of order.');
  });

  it('begins with what its traits say, unless the node says otherwise', () => {
    const head = 'defaults: { timeout: 9s, retry: { local: [1s], max: 7 } }\n';
    expect(workOf('{ acme.score: {} }', [kind()], head)).toMatchObject({
      timeoutMs: 9_000,
      retry: { local: [1_000], max: 7 },
    });
    const once = kind({ traits: { idempotent: false, timeout: '2m' } });
    expect(workOf('{ acme.score: {} }', [once], head)).toMatchObject({
      timeoutMs: 120_000,
      retry: { local: [], max: 0 },
    });
    const node = '{ acme.score: {}, timeout: 1s, retry: { max: 2 } }';
    expect(workOf(node, [once], head)).toMatchObject({ timeoutMs: 1_000, retry: { max: 2 } });
  });

  it('takes no `retry` when it cannot be repeated, and `cache` when it only reads', () => {
    const never = kind({ traits: { retryable: false } });
    expect(workOf('{ acme.score: {} }', [never]).retry.max).toBe(0);
    expect(told('{ acme.score: {}, retry: { max: 2 } }', [never])[0]).toContain('MODIFIER_NOT_HERE');
    const pure = kind({ traits: { pure: true } });
    expect(workOf('{ acme.score: {}, cache: { ttl: 1h } }', [pure]).cache?.ttlMs).toBe(3_600_000);
  });

  it('lives on a lease, or is done outside, when its kind says so', () => {
    const long = kind({ traits: { lease: true, timeout: '2h' } });
    expect(workOf('{ acme.score: {} }', [long])).toMatchObject({ lease: true, timeoutMs: 7_200_000 });
    const away = kind({ traits: { remote: true }, execute: undefined as never });
    expect(workOf('{ acme.score: {} }', [away])).toMatchObject({ remote: true, handler: 'acme.score@1' });
  });

  it('can be undone when its kind can, by its own handler or by that of the node', () => {
    const undone = kind({ compensate: () => null, schema: { properties: { who: { expression: true } } } });
    const { undo } = workOf('{ acme.score: { who: input.name } }', [undone]);
    expect(undo?.handler).toBe('acme.score@1.undo');
    expect([...(undo?.in?.keys() ?? [])]).toEqual(['result', 'who']);
    expect(workOf('{ acme.score: {}, undo: my.undo }', [undone]).undo?.handler).toBe('my.undo');
    expect(workOf('{ acme.score: {} }', [kind()]).undo).toBeUndefined();
  });

  it('is done for each item of a list', () => {
    const each = '{ acme.score: { limit: 1, who: one }, each: { in: input.all, as: one } }';
    expect(workOf(each).each?.as).toBe('one');
  });

  it('is drawn in the shape of its kind', () => {
    const { definition } = read('{ acme.score: {} }', [kind({ shape: 'hexagon' })]);
    expect(definition && definitionDiagram(definition)).toContain('{{"work#58; acme.score"}}');
  });

  it('is completed and checked by editors', () => {
    const accepts = new Ajv({ strict: false }).compile(definitionJsonSchema(typesOf(score).kinds.kinds));
    const isFine = (node: string): boolean => accepts(parse(flowOf(node)));
    expect(isFine('{ acme.score: { limit: 3, who: input.name }, timeout: 5s }')).toBe(true);
    expect(isFine('{ acme.score@1: { limit: 3 } }')).toBe(true);
    expect(isFine('{ acme.score: { limit: none } }')).toBe(false);
    expect(isFine('{ acme.score: { limit: 3, limitt: 3 } }')).toBe(false);
    expect(isFine('{ acme.score: { limit: 3 }, in: { a: 1 } }')).toBe(false);
    expect(isFine('{ acme.other: { limit: 3 } }')).toBe(false);
  });
});
