import type { Definition, FlowNode, TaskNode } from '../../core/definition/definition.js';
import { expressionsOfWork } from '../../core/definition/work/work.js';
import type { Expression } from '../../core/expression.js';

/** The members that a flow reads of what a task answers, by the task's id or as `result`. */
export function membersRead(definition: Definition, task: TaskNode): readonly string[] {
  const members = new Set<string>();
  const add = (root: string, expressions: Iterable<Expression>): void => {
    for (const { reads } of expressions) {
      for (const [first, member] of reads) if (first === root && member !== undefined) members.add(member);
    }
  };
  if (task.out) add('result', task.out.values());
  for (const node of definition.nodes.values()) add(task.id, valuesOf(node));
  for (const line of definition.lines) {
    if (line.when.type !== 'if') continue;
    add(task.id, [line.when.condition]);
    if (comesFrom(definition, line.from, task.id, new Set())) add('result', [line.when.condition]);
  }
  if (definition.output) add(task.id, definition.output.values());
  return [...members].sort();
}

/** Gateways and `set` pass on the result of what comes before them. */
function comesFrom({ nodes, edges }: Definition, at: string, task: string, seen: Set<string>): boolean {
  if (at === task) return true;
  const node = nodes.get(at);
  const passesOn = node?.kind === 'set' || (node?.kind === 'gateway' && !node.split);
  if (!passesOn || seen.has(at)) return false;
  seen.add(at);
  return edges.some(({ from, to }) => to === at && comesFrom({ nodes, edges } as Definition, from, task, seen));
}

function* valuesOf(node: FlowNode): Generator<Expression> {
  if ('in' in node && node.in) yield* node.in.values();
  if ('out' in node && node.out) yield* node.out.values();
  if (node.kind === 'set') yield* node.set.values();
  if (node.kind === 'wait') yield* node.match.values();
  if (node.kind === 'task' && node.work) yield* expressionsOfWork(node.work);
}
