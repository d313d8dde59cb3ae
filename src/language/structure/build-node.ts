import type { FlowNode, TaskNode } from '../../core/definition/definition.js';
import type { TimerNode } from '../../core/definition/nodes/waiting-nodes.js';
import type { CircuitRule } from '../../core/definition/work/bound.js';
import type { EachRule } from '../../core/definition/work/each.js';
import type { Work } from '../../core/definition/work/work.js';
import type { Expression } from '../../core/expression.js';
import type { JsonObject } from '../../core/json.js';
import { compileTimer } from '../expression/compile/compile-timer.js';
import { compilePlaced, compileValue, typeOfValue } from '../expression/compile/compile-values.js';
import type { Report } from '../report/report.js';
import { warnConstant } from '../report/warn-constant.js';
import { entryOf, type MapTree, plain, type Tree } from '../yaml/tree.js';
import type { DraftNode, NodeExpression, Writing } from './draft.js';
import { buildManual } from './kinds/build/build-manual.js';
import { buildMerge } from './kinds/build/build-merge.js';
import { buildRules } from './kinds/build/build-rules.js';
import { buildSequence } from './kinds/build/build-sequence.js';
import { buildSplit } from './kinds/build/build-split.js';
import { buildTcc } from './kinds/build/build-tcc.js';
import { controlOf, ending, joinRule } from './kinds/control.js';
import { buildBounds } from './kinds/task/build-bounds.js';
import { batchOf, buildCache } from './kinds/task/build-cache.js';
import { buildDelay } from './kinds/task/build-delay.js';
import { dimensionOf } from './kinds/task/build-dimension.js';
import { buildEach, withItem } from './kinds/task/build-each.js';
import { buildFallback } from './kinds/task/build-fallback.js';
import { buildCallUndo, buildUndo } from './kinds/task/build-undo.js';
import { milliseconds, retryFrom, type TaskDefaults } from './kinds/task-defaults.js';
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
  return new NodeBuilder(id, tree, defaults, report).build(kind);
}

class NodeBuilder {
  private readonly expressions: NodeExpression[] = [];
  private readonly writes: Writing[] = [];
  private faulty = false;

  constructor(
    private readonly id: string,
    private readonly tree: MapTree,
    private readonly defaults: TaskDefaults,
    private readonly report: Report,
  ) {}

  build(kind: KindName): Built | null {
    const node = this.node(kind);
    if (this.faulty) return null;
    const expressions = withItem(node, this.expressions);
    const writes = this.writes.map(({ name, at, type }) => ({ name, type, at: { start: at.start, end: at.end } }));
    return { node, expressions, writes };
  }

  private node(kind: KindName): FlowNode {
    const shared = {
      id: this.id,
      title: (this.get('title') as string | undefined) ?? null,
      tags: (this.get('tags') as string[] | undefined) ?? [],
      join: joinRule(this.tree, this.report),
      ...controlOf(this.tree),
      ...this.part('merge', (tree) => buildMerge(tree, this.report)),
      visits: (this.get('visits') as number | undefined) ?? DEFAULT_VISITS,
    };
    switch (kind) {
      case 'start':
      case 'join':
        return { ...shared, kind };
      case 'gateway':
        return { ...shared, kind, mode: this.get('gateway') as 'exclusive' };
      case 'end':
        return { ...shared, kind, ...ending(this.get('end')) };
      case 'set':
        return { ...shared, kind, set: this.values('set') ?? new Map() };
      case 'timer':
        return { ...shared, kind, timer: this.timer() };
      case 'compensate':
        return { ...shared, kind, what: String(this.get('compensate')) };
      case 'task':
        return { ...shared, ...this.task(this.get('task') as string) };
      case 'call': {
        const flow = this.get('call') as string;
        const detach = this.get('detach') === true;
        const [own, each] = [this.values('in'), this.each()];
        const undo = this.part('undo', (tree) => buildCallUndo(tree, this.tree, own, each.each?.as, this.report));
        return { ...shared, kind, flow, in: own, out: this.values('out'), detach, ...each, ...(undo && { undo }) };
      }
      case 'wait': {
        const [timeout, keep] = [this.get('timeout'), this.get('keep')] as (string | undefined)[];
        return {
          ...shared,
          kind,
          message: this.get('wait') as string,
          match: this.values('match') ?? new Map(),
          keepMs: keep === undefined ? null : milliseconds(keep),
          timeoutMs: timeout === undefined ? null : milliseconds(timeout),
          out: this.values('out'),
        };
      }
      case 'manual': {
        const built = buildManual(this.tree, this.report);
        if (!built) this.faulty = true;
        for (const placed of built?.expressions ?? []) this.expressions.push({ role: 'manual', placed });
        const asked = built?.manual ?? { assignee: null, form: null, dueMs: null, timeoutMs: null };
        return { ...shared, kind, ...asked, in: this.values('in', 'manual'), out: this.values('out') };
      }
      case 'split': {
        const by = this.expression('by', 'set');
        const told = 'Name what tells them apart: `input.uid`.';
        warnConstant(this.expressions.at(-1)?.placed, entryOf(this.tree, 'by')?.value, this.report, told, 'something');
        const rule = buildSplit(`${this.defaults.flow ?? ''}.${this.id}`, this.tree, by, this.report);
        if (!rule) this.faulty = true;
        return { ...shared, kind: 'gateway', mode: 'exclusive', ...(rule && { split: rule }) };
      }
      case 'sequence': {
        const written = entryOf(this.tree, 'sequence')?.value;
        const built = written ? buildSequence(written, this.report, this.defaults.kinds) : null;
        if (!built) this.faulty = true;
        for (const placed of built?.conditions ?? []) this.expressions.push({ role: 'out', placed });
        const jumps = (this.get('jumps') as number | undefined) ?? DEFAULT_JUMPS;
        const work = built && ({ type: 'sequence', steps: built.steps, jumps } as const);
        return { ...shared, ...this.task(kind), ...(work && { work }) };
      }
      case 'tcc':
        return { ...shared, ...this.task(kind), ...this.part('tcc', (tree) => buildTcc(tree, this.tree, this.report)) };
      case 'rules': {
        const work = this.rules();
        return { ...shared, ...this.task(kind), ...(work && { work }) };
      }
    }
  }

  private task(handler: string): Omit<TaskNode, 'id' | 'title' | 'tags' | 'join' | 'visits'> {
    const timeout = this.get('timeout') as string | undefined;
    const bounds = buildBounds(this.tree, (key) => this.dimension(key, 'in'), this.report);
    if (!bounds) this.faulty = true;
    const [own, each] = [this.values('in'), this.each()];
    const cache = this.part('cache', (tree) => buildCache(tree, this.report));
    const delay = this.part('delay', (tree) => buildDelay(tree, this.report));
    const instead = this.part('circuit', (tree) => buildFallback(tree, this.report));
    const undo = this.part('undo', (tree) => buildUndo(tree, own, each.each?.as, this.report));
    return {
      kind: 'task',
      handler,
      in: own,
      with: (this.get('with') as JsonObject | undefined) ?? null,
      out: this.values('out'),
      retry: retryFrom(this.get('retry'), this.defaults.retry),
      timeoutMs: timeout === undefined ? this.defaults.timeoutMs : milliseconds(timeout),
      circuit: this.dimension('circuit', 'circuit'),
      ...instead,
      ...bounds,
      ...(this.get('remote') === true && { remote: true }),
      ...(this.get('lease') === true && { lease: true as const }),
      ...(cache && { cache }),
      ...batchOf(this.tree),
      ...(delay && { delay }),
      ...each,
      ...(undo && { undo }),
    };
  }

  private each(): { readonly each?: EachRule } {
    const each = this.part('each', (tree) => buildEach(tree, this.report));
    return each ? { each } : {};
  }

  private part<R>(
    key: string,
    build: (tree: Tree) => { readonly rule: R; readonly expressions: readonly NodeExpression[] } | null,
  ): R | null {
    const written = entryOf(this.tree, key)?.value;
    const built = written ? build(written) : null;
    if (written && !built) this.faulty = true;
    this.expressions.push(...(built?.expressions ?? []));
    return built?.rule ?? null;
  }

  private rules(): Work | null {
    const written = entryOf(this.tree, 'rules')?.value;
    const built = written ? buildRules(written, this.defaults.shared, this.report) : null;
    if (!built) this.faulty = true;
    for (const placed of built?.conditions ?? []) this.expressions.push({ role: 'in', placed });
    const at = this.expression('at', 'in');
    return built && { type: 'rules', root: built.root, at };
  }

  /** An expression that stands alone under a key; `null` when there is none. */
  private expression(key: string, role: NodeExpression['role']): Expression | null {
    const written = entryOf(this.tree, key)?.value;
    if (!written) return null;
    const placed = written.type === 'scalar' ? compilePlaced(written, this.report) : null;
    if (!placed) this.faulty = true;
    else this.expressions.push({ role, placed });
    return placed?.compiled.expression ?? null;
  }

  private get(key: string): unknown {
    const entry = entryOf(this.tree, key);
    return entry && plain(entry.value);
  }

  private values(
    key: 'in' | 'out' | 'set' | 'match',
    role: NodeExpression['role'] = key,
  ): ReadonlyMap<string, Expression> | null {
    const map = entryOf(this.tree, key)?.value;
    if (map?.type !== 'map') return null;
    const built = new Map<string, Expression>();
    for (const { key, keyAt, value } of map.entries) {
      const compiled = compileValue(value, this.report);
      if (!compiled) {
        this.faulty = true;
        continue;
      }
      for (const placed of compiled.parts) this.expressions.push({ role, placed });
      if (role === 'out' || role === 'set')
        this.writes.push({ name: key, at: keyAt, type: typeOfValue(value, compiled) });
      built.set(key, compiled.expression);
    }
    return built;
  }

  private dimension(key: string, role: NodeExpression['role']): CircuitRule | null {
    return this.part(key, (tree) => dimensionOf(tree, role, this.report));
  }

  private timer(): TimerNode['timer'] {
    const written = entryOf(this.tree, 'timer')?.value;
    if (written?.type !== 'map') return { ms: milliseconds(String(this.get('timer'))) };
    const built = compileTimer(written, this.report);
    if (!built) this.faulty = true;
    if (built?.placed) this.expressions.push({ role: 'timer', placed: built.placed });
    return built?.timer ?? { ms: 0 };
  }
}
