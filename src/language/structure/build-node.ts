import type { FlowNode } from '../../core/definition/definition.js';
import type { TimerNode } from '../../core/definition/nodes/waiting-nodes.js';
import type { Work } from '../../core/definition/work/work.js';
import { compileTimer } from '../expression/compile/compile-timer.js';
import type { Report } from '../report/report.js';
import { warnConstant } from '../report/warn-constant.js';
import { entryOf, type MapTree } from '../yaml/tree.js';
import type { DraftNode } from './draft.js';
import { buildManual } from './kinds/build/build-manual.js';
import { buildMerge } from './kinds/build/build-merge.js';
import { buildRules } from './kinds/build/build-rules.js';
import { buildSequence } from './kinds/build/build-sequence.js';
import { buildSplit } from './kinds/build/build-split.js';
import { buildTcc } from './kinds/build/build-tcc.js';
import { controlOf, ending, joinRule } from './kinds/control.js';
import { NodeReader } from './kinds/node-reader.js';
import { withItem } from './kinds/task/build-each.js';
import { buildTask } from './kinds/task/build-task.js';
import { buildCallUndo } from './kinds/task/build-undo.js';
import { SecretPlaces } from './kinds/task/secret-places.js';
import { milliseconds, type TaskDefaults } from './kinds/task-defaults.js';
import type { KindName } from './node-kinds.js';

const DEFAULT_VISITS = 1_000;
const DEFAULT_JUMPS = 10;

type Built = Omit<DraftNode, 'at' | 'joinAt' | 'whileAt' | 'mergesAt'>;

/** A node out of a map that its kind's schema has accepted. `null` when an expression in it is faulty. */
export function buildNode(
  id: string,
  kind: KindName,
  tree: MapTree,
  defaults: TaskDefaults,
  report: Report,
): Built | null {
  const read = new NodeReader(tree, report, SecretPlaces.of(kind, tree, defaults));
  const node = nodeOf(id, kind, read, defaults);
  if (read.faulty) return null;
  const expressions = withItem(node, read.expressions);
  const writes = read.writes.map(({ at, ...rest }) => ({ ...rest, at: { start: at.start, end: at.end } }));
  return { node, expressions, writes };
}

function nodeOf(id: string, kind: KindName, read: NodeReader, defaults: TaskDefaults): FlowNode {
  const { tree, report } = read;
  const shared = {
    id,
    title: (read.get('title') as string | undefined) ?? null,
    tags: (read.get('tags') as string[] | undefined) ?? [],
    join: joinRule(tree, report),
    ...controlOf(tree),
    ...read.part('merge', (written) => buildMerge(written, report)),
    visits: (read.get('visits') as number | undefined) ?? DEFAULT_VISITS,
  };
  const task = (handler: string) => buildTask(handler, read, defaults);
  switch (kind) {
    case 'start':
    case 'join':
      return { ...shared, kind };
    case 'gateway':
      return { ...shared, kind, mode: read.get('gateway') as 'exclusive' };
    case 'end':
      return { ...shared, kind, ...ending(read.get('end')) };
    case 'set':
      return { ...shared, kind, set: read.values('set') ?? new Map() };
    case 'timer':
      return { ...shared, kind, timer: timerOf(read) };
    case 'compensate':
      return { ...shared, kind, what: String(read.get('compensate')) };
    case 'task':
      return { ...shared, ...task(read.get('task') as string) };
    case 'call': {
      const flow = read.get('call') as string;
      const detach = read.get('detach') === true;
      const [own, each] = [read.values('in'), read.each()];
      const undo = read.part('undo', (written) => buildCallUndo(written, tree, own, each.each?.as, report));
      return { ...shared, kind, flow, in: own, out: read.values('out'), detach, ...each, ...(undo && { undo }) };
    }
    case 'wait': {
      const [timeout, keep] = [read.get('timeout'), read.get('keep')] as (string | undefined)[];
      return {
        ...shared,
        kind,
        message: read.get('wait') as string,
        match: read.values('match') ?? new Map(),
        keepMs: keep === undefined ? null : milliseconds(keep),
        timeoutMs: timeout === undefined ? null : milliseconds(timeout),
        out: read.values('out'),
      };
    }
    case 'manual': {
      const built = read.take(buildManual(tree, report), ({ expressions }) =>
        expressions.map((placed) => ({ role: 'manual', placed })),
      );
      const asked = built?.manual ?? { assignee: null, form: null, dueMs: null, timeoutMs: null };
      return { ...shared, kind, ...asked, in: read.values('in', 'manual'), out: read.values('out') };
    }
    case 'split': {
      const by = read.expression('by', 'set');
      const told = 'Name what tells them apart: `input.uid`.';
      warnConstant(read.expressions.at(-1)?.placed, entryOf(tree, 'by')?.value, report, told, 'something');
      const split = read.take(buildSplit(`${defaults.flow ?? ''}.${id}`, tree, by, report), () => []);
      return { ...shared, kind: 'gateway', mode: 'exclusive', ...(split && { split }) };
    }
    case 'sequence': {
      const work = sequenceOf(read, defaults);
      return { ...shared, ...task(kind), ...(work && { work }) };
    }
    case 'tcc':
      return {
        ...shared,
        ...task(kind),
        ...read.part('tcc', (written) => buildTcc(written, tree, read.secrets, report)),
      };
    case 'rules': {
      const work = rulesOf(read, defaults);
      return { ...shared, ...task(kind), ...(work && { work }) };
    }
  }
}

function timerOf(read: NodeReader): TimerNode['timer'] {
  const written = entryOf(read.tree, 'timer')?.value;
  if (written?.type !== 'map') return { ms: milliseconds(String(read.get('timer'))) };
  const built = read.take(compileTimer(written, read.report), ({ placed }) =>
    placed ? [{ role: 'timer', placed }] : [],
  );
  return built?.timer ?? { ms: 0 };
}

function sequenceOf(read: NodeReader, { kinds }: TaskDefaults): Work | null {
  const written = entryOf(read.tree, 'sequence')?.value;
  const built = read.take(written ? buildSequence(written, read.report, kinds) : null, ({ conditions }) =>
    conditions.map((placed) => ({ role: 'out', placed })),
  );
  const jumps = (read.get('jumps') as number | undefined) ?? DEFAULT_JUMPS;
  return built && { type: 'sequence', steps: built.steps, jumps };
}

function rulesOf(read: NodeReader, { shared }: TaskDefaults): Work | null {
  const written = entryOf(read.tree, 'rules')?.value;
  const built = read.take(written ? buildRules(written, shared, read.report) : null, ({ conditions }) =>
    conditions.map((placed) => ({ role: 'in', placed })),
  );
  const at = read.expression('at', 'in');
  return built && { type: 'rules', root: built.root, at };
}
