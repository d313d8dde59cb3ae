import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readsOf } from '../../../src/core/definition/reads.js';
import { compilePlayChecks } from '../../../src/language/expression/plays/compile-play-checks.js';
import { readDefinition } from '../../../src/language/read-definition.js';

const PLAY =
  'play: { type: object, required: [reward], properties: { reward: { type: number }, kind: { type: string }, on: { type: boolean }, deep: { type: object, properties: { x: { type: integer } } }, any: {} } }';
const flow = (condition: string, head = PLAY): string =>
  `flow: coupon\n${head}\ninput: { type: object, properties: { uid: { type: string } } }\nnodes:\n  begin: { start: true }\n  give: { task: coupon.give, in: { n: play.reward, uid: input.uid } }\n  done: { end: given }\n  none: { end: nothing }\nedges:\n  - begin -> give\n  - give -> done: ${condition}\n  - give -> none: else\n`;
const read = (condition: string, head = PLAY) => readDefinition(flow(condition, head), 'coupon.flow.yaml');
const codes = (condition: string, head = PLAY): string[] =>
  read(condition, head).problems.map(({ code, line, column }) => `${code} ${line}:${column}`);

describe('a flow that plays configure', () => {
  it('reads their parameters as `play`, out of what its instances keep with their input', () => {
    const { definition, problems } = read('play.reward > 3');
    expect(problems).toEqual([]);
    const task = definition?.nodes.get('give');
    const given = task?.kind === 'task' ? task.in?.get('n') : undefined;
    expect(given?.reads).toEqual([['input', '$play', 'params', 'reward']]);
    const scope = { input: { uid: 'u', $play: { code: 'a', revision: 1, params: { reward: 5 } } } };
    expect(given?.value(scope)).toBe(5);
    const reads = definition && readsOf(definition);
    expect([...(reads?.get('input')?.members.get('$play')?.members.get('params')?.members.keys() ?? [])]).toEqual([
      'reward',
    ]);
    expect(reads?.has('play')).toBe(false);
  });

  it.each([
    'play.on',
    'not play.on',
    'play.kind == "a"',
    'play.deep.x >= 1',
    'play.any',
    'play.any.more == 1',
    '5 < play.reward',
  ])('takes the condition %s', (condition) => {
    expect(codes(`'${condition}'`)).toEqual([]);
  });

  it.each([
    ['play.rewrad > 3', 'UNKNOWN_PARAMETER'],
    ['play.deep.y > 3', 'UNKNOWN_PARAMETER'],
    ['play.reward.x > 3', 'PARAMETER_TYPE'],
    ['play.reward == "5"', 'PARAMETER_TYPE'],
    ['"5" == play.reward', 'PARAMETER_TYPE'],
    ['play.kind > 5', 'PARAMETER_TYPE'],
    ['play.on == 1', 'PARAMETER_TYPE'],
    ['play.reward', 'CONDITION_NOT_BOOLEAN'],
  ])('refuses the condition %s as %s', (condition, code) => {
    expect(codes(`'${condition}'`)).toEqual([expect.stringMatching(new RegExp(`^${code} 11:`))]);
  });

  it('knows no `play` where none is said, has it in no key, and lets no node be called so beside it', () => {
    expect(codes('play.reward > 3', 'title: A')).toEqual([
      expect.stringMatching(/^UNKNOWN_NAME 6:/),
      expect.stringMatching(/^UNKNOWN_NAME 11:/),
    ]);
    expect(codes('play.on', `${PLAY}\nkey: play.kind`)).toEqual([expect.stringMatching(/^UNKNOWN_NAME 3:/)]);
    const node = flow('play.on')
      .replace('  done: {', '  play: { task: a.b }\n  done: {')
      .replace('begin -> give', 'begin -> play -> give');
    expect(readDefinition(node, 'x').problems.map(({ code }) => code)).toEqual(['RESERVED_NAME']);
    const alone = node.replace(`${PLAY}\n`, '').replace('n: play.reward, ', '').replace('play.on', 'play.on == true');
    expect(readDefinition(alone, 'x').problems).toEqual([]);
  });

  it('is as the page about plays shows it', () => {
    const docs = readFileSync(new URL('../../../docs/plays.md', import.meta.url), 'utf8');
    const example = /```yaml\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
    expect(example).toContain('play:');
    expect(readDefinition(example, 'x.flow.yaml').problems).toEqual([]);
  });

  it('says where its schema is none', () => {
    expect(codes('play.on', 'play: { type: objekt }')).toEqual(['BAD_INPUT_SCHEMA 2:15']);
  });
});

describe('what a play says of a flow', () => {
  const { definition } = read('play.on');
  const { plays } = definition ? compilePlayChecks(definition) : {};
  const faults = (audience: string | null, by: string | null = null): string[] => {
    const compiled = plays?.compile({ audience, by });
    return compiled?.ok === false ? compiled.error.map(({ pointer }) => pointer) : [];
  };

  it('is checked against the schema, member by member', () => {
    expect(plays?.checkParams({ reward: 5 })).toEqual([]);
    expect(plays?.checkParams({ reward: 'five' })).toEqual([
      { pointer: '/params/reward', message: 'Expected parameters that the flow allows, but `/reward` must be number.' },
    ]);
    expect(plays?.checkParams({})).toMatchObject([{ pointer: '/params' }]);
  });

  it.each([
    ['input.uid == "a" and play.on', []],
    ['input.uid', []],
    ['input.nobody == 1', ['/audience']],
    ['play.rewrad > 3', ['/audience']],
    ['play.reward', ['/audience']],
    ['uid == 1', ['/audience']],
    ['1 + 1', ['/audience']],
    ['input.', ['/audience']],
  ])('has the audience %s with faults at %j', (audience, wanted) => {
    expect(faults(audience)).toEqual(wanted);
  });

  it('counts its quota by what there is', () => {
    expect(faults(null, 'input.uid')).toEqual([]);
    expect(faults(null, 'uid')).toEqual(['/quota/by']);
  });

  it('is nothing where a flow has no `play`', () => {
    const other =
      read('_result', 'title: A').definition ??
      readDefinition('flow: a\nnodes: { begin: { start: true }, done: { end: a } }\nedges: [begin -> done]\n', 'x')
        .definition;
    expect(other && compilePlayChecks(other)).toEqual({});
  });
});
