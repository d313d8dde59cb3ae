import { withoutMajor } from '../definition/custom-kind.js';
import type { Definition, FlowNode } from '../definition/definition.js';
import { handlersIn, secretsIn } from '../definition/handlers.js';
import { partnerOf } from '../routing/subject.js';
import type { FlowTestCase } from './flow-test.js';
import type { Miss } from './judge.js';

/** Node ids and handler names of a case that the flow does not have: an expectation about them would always hold. */
export function unknownNames(
  definition: Definition,
  { expect, mocks, acts, circuits, secrets = {} }: FlowTestCase,
): readonly Miss[] {
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
  for (const key of ['path', 'through', 'never', 'degraded'] as const) check(key, expect[key] ?? []);
  for (const key of ['attempts', 'visits', 'polls', 'outputs', 'lanes', 'incidents'] as const)
    check(key, Object.keys(expect[key] ?? {}));
  check('calls', Object.keys(expect.calls ?? {}), true);
  for (const { act } of acts) {
    if (act.type === 'complete' || (act.type === 'retry' && act.node !== null)) check('status', [act.node ?? '']);
  }
  check('status', Object.keys(mocks), true);
  const read = secretsIn(definition).map(({ name }) => name);
  for (const name of Object.keys(secrets)) {
    if (read.includes(name)) continue;
    misses.push({
      key: 'status',
      message: `Expected a secret that a task of the flow reads, but none reads '${name}'.`,
    });
  }
  for (const subject of Object.keys(circuits)) {
    if ([...nodes.values()].some((node) => isBehind(subject, node, definition))) continue;
    const message = `Expected a subject that a task of the flow has, but '${subject}' is none. It is a handler, HANDLER[DIMENSION=VALUE] or DIMENSION=VALUE.`;
    misses.push({ key: 'status', message });
  }
  return misses;
}

function isBehind(subject: string, node: FlowNode, { flow }: Definition): boolean {
  if (node.kind !== 'task') return false;
  const partner = partnerOf(node.handler, { flow, node: node.id });
  if (subject === partner) return true;
  const { name } = node.circuit ?? {};
  return name !== undefined && (subject.startsWith(`${name}=`) || subject.startsWith(`${partner}[${name}=`));
}
