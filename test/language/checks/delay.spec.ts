import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';

const read = (node: string) => {
  const text = `flow: a\ninput: { properties: { n: { type: integer }, at: { type: string } } }\nnodes:\n  begin: { start: true }\n  work: { task: x.y, ${node} }\n  done: { end: done }\nedges: [begin -> work -> done]\n`;
  const { definition, problems } = readDefinition(text, 'a.flow.yaml');
  const work = definition?.nodes.get('work');
  return {
    delay: work?.kind === 'task' ? work.delay : undefined,
    problems: problems.map(({ code, line, column }) => `${code} ${line}:${column}`),
  };
};

describe('the delay of a task', () => {
  it('is a duration by itself', () => {
    expect(read('delay: 10m')).toEqual({ delay: { when: null, wait: { ms: 600_000 }, maxMs: null }, problems: [] });
  });

  it('has a condition, a length or a moment, and a bound', () => {
    const { delay, problems } = read('delay: { when: input.n > 3, for: 90m, max: 3d }');
    expect(problems).toEqual([]);
    expect(delay).toMatchObject({ when: { text: 'input.n > 3' }, wait: { ms: 5_400_000 }, maxMs: 259_200_000 });
    expect(read('delay: { for: input.n * 1000 }').delay).toMatchObject({ wait: { for: { text: 'input.n * 1000' } } });
    expect(read('delay: { until: input.at }').delay).toMatchObject({ wait: { until: { text: 'input.at' } } });
  });

  it.each([
    ['delay: soon', 'BAD_DURATION 5:29'],
    ['delay: { when: input.n > 3 }', 'WRONG_VALUE 5:29'],
    ['delay: { for: 1h, until: input.at }', 'WRONG_VALUE 5:29'],
    ['delay: { for: 1h, max: 0s }', 'OUT_OF_RANGE 5:45'],
    ['delay: { when: input.n + 1, for: 1h }', 'CONDITION_NOT_BOOLEAN 5:37'],
    ['delay: { when: input.m, for: 1h }', 'UNKNOWN_INPUT 5:37'],
    ['delay: { for: 1h, each: 2 }', 'UNKNOWN_KEY 5:40'],
    ['delay: 1h, each: [1, 2]', 'MODIFIER_NOT_HERE 5:22'],
  ])('%s is %s', (node, problem) => {
    expect(read(node).problems).toEqual([problem]);
  });
});
