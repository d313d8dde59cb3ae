import type { OnRuleError, Relation, RuleLeaf, RuleNode } from '../../../../core/definition/work/rules/rule-tree.js';
import type { JsonObject } from '../../../../core/json.js';
import { compilePlaced, isCondition, type PlacedExpression } from '../../../expression/compile/compile-values.js';
import { didYouMean } from '../../../report/nearest.js';
import type { Report } from '../../../report/report.js';
import { warnConstant } from '../../../report/warn-constant.js';
import { type Entry, entryOf, type MapTree, plain, type Tree } from '../../../yaml/tree.js';
import { parseDuration } from '../../duration.js';
import { LEAVES, RELATIONS } from '../rule-schema.js';

const MAX_PARTS = 200;
const MAX_DEPTH = 16;
const KEYS: readonly string[] = [...new Set([...RELATIONS, ...LEAVES])];

export interface BuiltRules {
  readonly root: RuleNode;
  readonly conditions: readonly PlacedExpression[];
}

/** A rule tree out of what its schema has accepted, with what it uses of `shared` put in. `null` when it is faulty. */
export function buildRules(tree: Tree, shared: Tree | null | undefined, report: Report): BuiltRules | null {
  const builder = new RuleBuilder(shared, report);
  const root = builder.part(tree, '', []);
  return root && !builder.faulty ? { root, conditions: builder.conditions } : null;
}

class RuleBuilder {
  readonly conditions: PlacedExpression[] = [];
  faulty = false;
  private count = 0;
  private told = false;

  constructor(
    private readonly shared: Tree | null | undefined,
    private readonly report: Report,
  ) {}

  /** @param using names of `shared` that are being put in: none may come round to itself. */
  part(tree: Tree, above: string, using: readonly string[]): RuleNode | null {
    if (tree.type !== 'map') return null;
    this.count += 1;
    const depth = above === '' ? 0 : above.split('.').length;
    const isTooMuch = this.count > MAX_PARTS || depth > 2 * MAX_DEPTH;
    if (isTooMuch && !this.told) {
      this.told = true;
      const message = `Expected at most ${MAX_PARTS} parts, ${MAX_DEPTH} deep, but the tree of rules has more.`;
      this.refuse('RULES_TOO_LARGE', tree, message, 'Make two nodes of it. What is used twice counts twice.');
    }
    if (isTooMuch) return null;
    const entry = this.kindOf(tree);
    if (!entry) return null;
    if (entry.key === 'use') return this.used(tree, entry, above, using);
    const path = above === '' ? entry.key : `${above}.${entry.key}`;
    const rule = this.rule(entry, path, tree, using);
    const forward = entryOf(tree, 'forward');
    const before = forward ? this.part(forward.value, `${path}.forward`, using) : null;
    if (!rule) return null;
    const { name } = plain(tree) as { name?: string };
    const onError = (entryOf(tree, 'onError') && plain(entryOf(tree, 'onError')?.value as Tree)) ?? 'stop';
    return {
      path,
      name: name ?? ('handler' in rule ? rule.handler : path),
      window: this.window(entryOf(tree, 'window')),
      forward: before,
      inverse: entryOf(tree, 'inverse') !== undefined,
      onError: String(onError) as OnRuleError,
      rule,
    };
  }

  private kindOf(tree: MapTree): Entry | null {
    const [first, second] = tree.entries.filter(({ key }) => KEYS.includes(key));
    if (second) {
      const message = `Expected one rule in a part, but \`${first?.key}\` and \`${second.key}\` are two.`;
      this.refuse('TWO_KINDS', second.keyAt, message, 'Put both under `and:`.');
      return null;
    }
    if (!first) this.refuse('NO_KIND', tree, `Expected a rule, but there is none of ${KEYS.join(', ')}.`);
    return first ?? null;
  }

  private rule(entry: Entry, path: string, tree: MapTree, using: readonly string[]): Relation | RuleLeaf | null {
    const { key, value } = entry;
    if (value.type === 'list') {
      const children = value.items.map((item, at) => this.part(item, `${path}.${at}`, using));
      if (children.some((child) => child === null)) return null;
      return { type: key as Relation['type'], children: children as RuleNode[] };
    }
    if (key === 'when') return this.condition(value);
    if (key === 'shift') return shiftOf(plain(value));
    const literals = entryOf(tree, 'with');
    const role = key === 'none' ? 'quiet' : (key as 'flow' | 'result');
    const handler = String(plain(value));
    return { type: 'call', role, handler, with: literals ? (plain(literals.value) as JsonObject) : null };
  }

  private condition(value: Tree): RuleLeaf | null {
    const placed = value.type === 'scalar' ? compilePlaced(value, this.report) : null;
    if (!placed) {
      this.faulty = true;
      return null;
    }
    if (!isCondition(placed, value, this.report)) this.faulty = true;
    warnConstant(placed, value, this.report, 'Delete the rule, or let it read what it is about.');
    this.conditions.push(placed);
    return { type: 'when', condition: placed.compiled.expression };
  }

  private used(tree: MapTree, { value }: Entry, above: string, using: readonly string[]): RuleNode | null {
    const name = String(plain(value));
    const others = tree.entries.filter(({ key }) => key !== 'use');
    if (others[0]) {
      const message = `Expected nothing beside \`use\`, but there is \`${others[0].key}\`.`;
      this.refuse('MODIFIER_NOT_HERE', others[0].keyAt, message, 'Put both into `and:`, or change what is shared.');
    }
    if (this.shared === null) {
      this.faulty = true;
      return null;
    }
    const found = entryOf(this.shared, name);
    if (!found) {
      const known = this.shared?.type === 'map' ? this.shared.entries.map(({ key }) => key) : [];
      const message = `Expected a part of \`shared\`, but it has no \`${name}\`.`;
      this.refuse('UNKNOWN_PART', value, message, didYouMean(name, known) ?? 'Add it under `shared`.');
      return null;
    }
    if (using.includes(name)) {
      const message = `Expected a tree that ends, but \`${name}\` uses itself.`;
      this.refuse('USES_ITSELF', value, message, [...using, name].join(' -> '));
      return null;
    }
    return this.part(found.value, above === '' ? name : `${above}.${name}`, [...using, name]);
  }

  private window(entry: Entry | undefined): RuleNode['window'] {
    if (!entry) return null;
    const { from, to } = plain(entry.value) as { from?: string; to?: string };
    const fromMs = from === undefined ? Number.MIN_SAFE_INTEGER : Date.parse(from);
    const toMs = to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to);
    if (fromMs > toMs) {
      const message = 'Expected a window that begins before it ends, but it ends first.';
      this.refuse('OUT_OF_RANGE', entry.value, message, 'Swap from and to.');
    }
    return { fromMs, toMs };
  }

  private refuse(...[code, at, message, hint]: Parameters<Report['add']>): void {
    this.faulty = true;
    this.report.add(code, at, message, hint);
  }
}

function shiftOf(value: unknown): RuleLeaf {
  if (typeof value === 'object') return { type: 'shift', to: Date.parse((value as { to: string }).to) };
  const text = String(value);
  const ms = parseDuration(text.replace(/^-/, '')) ?? 0;
  return { type: 'shift', by: text.startsWith('-') ? -ms : ms };
}
