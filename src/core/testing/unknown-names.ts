import { withoutMajor } from '../definition/custom-kind.js';
import type { Definition } from '../definition/definition.js';
import { handlersIn } from '../definition/handlers.js';
import type { FlowTestCase } from './flow-test.js';
import type { Miss } from './judge.js';

/** Node ids and handler names of a case that the flow does not have: an expectation about them would always hold. */
export function unknownNames(definition: Definition, { expect, mocks, acts }: FlowTestCase): readonly Miss[] {
  const { nodes } = definition;
  const handlers = new Set(handlersIn(definition).flatMap((name) => [name, withoutMajor(name)]));
  const misses: Miss[] = [];
  const check = (key: Miss['key'], names: readonly string[], isHandler = false): void => {
    for (const name of names) {
      if (nodes.has(name) || (isHandler && handlers.has(name))) continue;
      const what = isHandler ? 'a handler or a node' : 'a node';
      misses.push({ key, message: `Expected ${what} of the flow, but it has no '${name}'.` });
    }
  };
  for (const key of ['path', 'through', 'never'] as const) check(key, expect[key] ?? []);
  for (const key of ['attempts', 'visits', 'polls', 'outputs', 'lanes', 'incidents'] as const)
    check(key, Object.keys(expect[key] ?? {}));
  check('calls', Object.keys(expect.calls ?? {}), true);
  for (const { act } of acts) {
    if (act.type === 'complete' || (act.type === 'retry' && act.node !== null)) check('status', [act.node ?? '']);
  }
  check('status', Object.keys(mocks), true);
  return misses;
}
