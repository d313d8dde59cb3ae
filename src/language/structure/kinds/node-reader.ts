import type { EachRule } from '../../../core/definition/work/each.js';
import type { Expression } from '../../../core/expression.js';
import { compilePlaced, compileValue, givenBy } from '../../expression/compile/compile-values.js';
import type { Report } from '../../report/report.js';
import { entryOf, type MapTree, plain, type Tree } from '../../yaml/tree.js';
import type { NodeExpression, Writing } from '../draft.js';
import { buildEach } from './task/build-each.js';
import type { SecretPlaces } from './task/secret-places.js';

/** What stands under one key, built: what it comes to, and its expressions. */
export interface BuiltPart<R> {
  readonly rule: R;
  readonly expressions: readonly NodeExpression[];
}

/** Reads what stands under the keys of one node, and keeps its expressions and what it writes. */
export class NodeReader {
  readonly expressions: NodeExpression[] = [];
  readonly writes: Writing[] = [];
  private broken = false;

  constructor(
    readonly tree: MapTree,
    readonly report: Report,
    /** Takes the secrets that `in` names; `null`: there may be none. */
    readonly secrets: SecretPlaces | null = null,
  ) {}

  /** Whether an expression in it is faulty; the report says which. */
  get faulty(): boolean {
    return this.broken;
  }

  get(key: string): unknown {
    const entry = entryOf(this.tree, key);
    return entry && plain(entry.value);
  }

  /** Takes what was built, with its expressions; `null`, which was reported, makes the node faulty. */
  take<B>(built: B | null, expressions: (built: B) => readonly NodeExpression[]): B | null {
    if (built === null) this.broken = true;
    else this.expressions.push(...expressions(built));
    return built;
  }

  /** What a function makes of what stands under a key; `null` when nothing does. */
  part<R>(key: string, build: (tree: Tree) => BuiltPart<R> | null): R | null {
    const written = entryOf(this.tree, key)?.value;
    return written ? (this.take(build(written), ({ expressions }) => expressions)?.rule ?? null) : null;
  }

  /** An expression that stands alone under a key; `null` when there is none. */
  expression(key: string, role: NodeExpression['role']): Expression | null {
    const written = entryOf(this.tree, key)?.value;
    if (!written) return null;
    const compiled = written.type === 'scalar' ? compilePlaced(written, this.report) : null;
    const placed = this.take(compiled, (one) => [{ role, placed: one }]);
    return placed?.compiled.expression ?? null;
  }

  /** The map under a key, each value compiled; `null` when there is none. */
  values(
    key: 'in' | 'out' | 'set' | 'match',
    role: NodeExpression['role'] = key,
  ): ReadonlyMap<string, Expression> | null {
    const map = entryOf(this.tree, key)?.value;
    if (map?.type !== 'map') return null;
    const built = new Map<string, Expression>();
    for (const { key, keyAt, value } of map.entries) {
      const secrets = role === 'in' ? this.secrets?.at(key) : undefined;
      const compiled = this.take(compileValue(value, this.report, secrets), ({ parts }) =>
        parts.map((placed) => ({ role, placed })),
      );
      if (!compiled) continue;
      if (role === 'out' || role === 'set') this.writes.push({ name: key, at: keyAt, ...givenBy(value, compiled) });
      built.set(key, compiled.expression);
    }
    return built;
  }

  each(): { readonly each?: EachRule } {
    const each = this.part('each', (tree) => buildEach(tree, this.report));
    return each ? { each } : {};
  }
}
