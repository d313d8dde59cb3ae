import { describe, expect, it } from 'vitest';
import { handlersIn } from '../../src/core/definition/handlers.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { CustomKinds } from '../../src/language/structure/kinds/task/custom/custom-kinds.js';
import { TestedFlow } from '../../src/programs/in-memory/flow-test.js';
import type { NodeType } from '../../src/worker/plugins/node-type.js';
import { flowOf, kind, typesOf } from './kinds.js';

const score = (more: Partial<NodeType> = {}): NodeType =>
  kind({
    version: '1.2.0',
    traits: { inline: true },
    schema: {
      required: ['who', 'limit'],
      properties: { who: { type: 'string', expression: true }, limit: { type: 'integer', minimum: 1 } },
      additionalProperties: false,
    },
    mock: (fields) => ({ scored: fields }),
    ...more,
  });
const read = (step: string, types: readonly NodeType[] = [score()]) =>
  readDefinition(flowOf(`{ in: { who: input.name }, sequence: [${step}] }`), 'a', undefined, typesOf(...types).kinds);
const told = (step: string, types?: readonly NodeType[]): string[] =>
  read(step, types).problems.map(({ code, message }) => `${code} ${message}`);
const STEP = '{ name: a, do: acme.score@1, with: { limit: 3 } }';

describe('a kind as a step of a sequence', () => {
  it('is asked by its handler, and kept with what is published', () => {
    const { definition, problems } = read(STEP);
    expect(problems).toEqual([]);
    expect(definition && handlersIn(definition)).toEqual(['acme.score@1']);
    const pinned = definition && typesOf(score()).kinds.pinnedBy(definition);
    expect(pinned).toContain('"acme.score"');
    const text = flowOf(`{ in: { who: input.name }, sequence: [${STEP}] }`);
    expect(readDefinition(text, 'a', null, CustomKinds.pinned(pinned)).problems).toEqual([]);
  });

  it('gets its literals of `with`, and of the context what it names', async () => {
    const types = typesOf(score());
    const branches = `{ name: b, parallel: { x: { do: acme.score@1, with: { limit: 4 } }, y: rec.y } }`;
    const { definition } = read(`${STEP}, ${branches}`);
    if (!definition) throw new Error('Expected a flow.');
    const run = await new TestedFlow(definition, types.mocks()).start({ name: 'ann' }, { mocks: { 'rec.y': {} } });
    expect(run.visited('work')?.output).toMatchObject({ who: 'ann', scored: { who: 'ann', limit: 4 } });
    const handlers = new Map(types.handlers().map(({ name, handler }) => [name, handler]));
    const asked: unknown[] = [];
    const own = typesOf(score({ execute: (fields) => void asked.push(fields) })).handlers()[0];
    expect([...handlers.keys()]).toEqual(['acme.score@1']);
    await own?.handler({ who: 'bob', other: 1 }, { with: { limit: 5, $version: '1.2.0' } } as never);
    expect(asked).toEqual([{ who: 'bob', limit: 5 }]);
  });

  it.each([
    ['{ name: a, do: acme.score@1, with: { limit: 0 } }', 'BAD_FIELD Expected `limit`'],
    ['{ name: a, do: acme.score@1 }', 'MISSING_KEY Expected the field `limit`'],
    ['{ name: a, do: acme.score@1, with: { limit: 3, who: ann } }', 'UNKNOWN_KEY Expected a field of `acme.score`'],
    ['{ name: a, do: acme.score@2, with: { limit: 3 } }', 'UNKNOWN_KIND Expected a version of `acme.score`'],
    ['{ name: a, do: acme.other@1 }', 'UNKNOWN_KIND Expected a kind of node'],
    [
      '{ name: a, do: [acme.score@1, x.y], with: { limit: 3 } }',
      'WRONG_VALUE Expected a step that asks `acme.score@1`',
    ],
  ])('%s is refused', (step, problem) => {
    expect(told(step)[0]).toContain(problem);
  });

  it('that may not be repeated fails for good, so that the sequence is not run again', async () => {
    const fails = (traits: NodeType['traits']) => {
      const execute = (): never => {
        throw Object.assign(new Error('gone'), { code: 'GONE' });
      };
      const [own] = typesOf(kind({ traits: { inline: true, ...traits }, execute })).handlers();
      return async () => own?.handler({}, { with: {} } as never);
    };
    await expect(fails({})()).rejects.toMatchObject({ name: 'Error', code: 'GONE' });
    await expect(fails({ retryable: false })()).rejects.toMatchObject({ name: 'PermanentError', code: 'GONE' });
  });

  it('is refused when its kind does not allow it', () => {
    expect(told(STEP, [score({ traits: {} })])[0]).toContain('WRONG_VALUE Expected a kind of node that may be a step');
    const [refused] = typesOf(score({ traits: { inline: true, lease: true } })).refused;
    expect(refused?.reason).toContain('Expected no `traits.inline` beside `remote` or `lease`');
  });
});
