import type { Trigger } from '../../../core/definition/starting/trigger.js';
import type { Expression } from '../../../core/expression.js';
import {
  compilePlaced,
  compileValue,
  isCondition,
  type PlacedExpression,
} from '../../expression/compile/compile-values.js';
import type { Problem } from '../../problem.js';
import { Report } from '../../report/report.js';
import { warnConstant } from '../../report/warn-constant.js';
import { reportIssues } from '../../structure/issues.js';
import { decode } from '../../yaml/decode.js';
import { dropEmpty } from '../../yaml/drop-empty.js';
import { parseYaml } from '../../yaml/parse-yaml.js';
import { entryOf, plain, type Tree, within } from '../../yaml/tree.js';
import { compileTicking } from './compile-ticking.js';
import { TRIGGER_KEYS, triggerFile } from './trigger-schema.js';

export interface ReadTriggers {
  /** In the order of the file; `null` when a problem is an error. */
  readonly triggers: readonly Trigger[] | null;
  readonly problems: readonly Problem[];
}

/** Reads one file of triggers. Never throws, whatever the text. */
export function readTriggers(input: string | Uint8Array, file: string): ReadTriggers {
  const decoded = decode(input);
  if (!decoded.ok) {
    const report = new Report(file, '');
    report.add(decoded.code, { start: 0, end: 1 }, decoded.message, decoded.hint);
    return { triggers: null, problems: report.problems() };
  }
  const report = new Report(file, decoded.text);
  const tree = parseYaml(decoded.text, report);
  if (tree?.type !== 'map') return { triggers: null, problems: report.problems() };
  const kept = dropEmpty(tree, report);
  const checked = triggerFile.safeParse(plain(kept));
  if (!checked.success) reportIssues(checked.error.issues, kept, { anywhere: TRIGGER_KEYS }, report);
  const list = entryOf(kept, 'triggers')?.value;
  const items = checked.success && list?.type === 'list' ? list.items : [];
  const triggers = items.map((item) => new TriggerBuilder(item, report).build());
  checkCodes(items, report);
  return { triggers: checked.success && !report.hasErrors ? triggers : null, problems: report.problems() };
}

function checkCodes(items: readonly Tree[], report: Report): void {
  const seen = new Set<unknown>();
  for (const item of items) {
    const code = entryOf(item, 'code')?.value;
    const value = code && plain(code);
    if (code && seen.has(value))
      report.add('DUPLICATE_KEY', code, `Expected a code of its own, but \`${String(value)}\` is another's too.`);
    seen.add(value);
  }
}

/** A trigger out of what its schema has accepted; what is faulty in it is in the report. */
class TriggerBuilder {
  constructor(
    private readonly tree: Tree,
    private readonly report: Report,
  ) {}

  build(): Trigger {
    const written = entryOf(this.tree, 'quota')?.value;
    const quota = written && (plain(written) as { max: number });
    return {
      code: String(this.get('code')),
      title: (this.get('title') as string | undefined) ?? null,
      on: (this.get('on') as string | undefined) ?? null,
      cron: compileTicking(this.tree, this.report),
      when: this.condition(),
      flow: (this.get('start') as string | undefined) ?? '',
      play: this.play(),
      input: this.input(),
      dedupe: this.expression(entryOf(this.tree, 'dedupe')?.value),
      quota: quota ? { max: quota.max, by: this.expression(entryOf(written, 'by')?.value) } : null,
      window: this.window(),
    };
  }

  private play(): Trigger['play'] {
    const [code, of] = [this.get('play'), this.get('plays')];
    if (code !== undefined) return { code: String(code) };
    return of === undefined ? null : { of: String(of) };
  }

  private get(key: string): unknown {
    const entry = entryOf(this.tree, key);
    return entry && plain(entry.value);
  }

  private expression(tree: Tree | undefined): Expression | null {
    return this.placed(tree)?.compiled.expression ?? null;
  }

  private placed(tree: Tree | undefined): PlacedExpression | null {
    const placed = tree?.type === 'scalar' ? compilePlaced(tree, this.report) : null;
    if (placed) this.checkNames(placed);
    return placed;
  }

  private condition(): Expression | null {
    const when = entryOf(this.tree, 'when')?.value;
    const placed = this.placed(when);
    if (when && placed) isCondition(placed, when, this.report);
    warnConstant(placed, when, this.report, 'Leave `when` out, or let it read `event`.');
    return placed?.compiled.expression ?? null;
  }

  private input(): Trigger['input'] {
    const map = entryOf(this.tree, 'input')?.value;
    if (map?.type !== 'map') return null;
    const built = new Map<string, Expression>();
    for (const { key, value } of map.entries) {
      const compiled = compileValue(value, this.report);
      for (const placed of compiled?.parts ?? []) this.checkNames(placed);
      if (compiled) built.set(key, compiled.expression);
    }
    return built;
  }

  /** Nothing else is there when an event comes. */
  private checkNames({ compiled, scalar, offset }: PlacedExpression): void {
    for (const { path, start, end } of compiled.paths) {
      if (path[0] === 'event') continue;
      const message = `Expected an expression that reads \`event\` alone, but it reads \`${String(path[0])}\`.`;
      const hint = `For example event.${String(path.at(-1))}. A text needs quotes of its own.`;
      this.report.add('UNKNOWN_NAME', within(scalar, offset + start, offset + end), message, hint);
    }
  }

  private window(): Trigger['window'] {
    const entry = entryOf(this.tree, 'window');
    if (!entry) return null;
    const { from, to } = plain(entry.value) as { from?: string; to?: string };
    const fromMs = from === undefined ? Number.MIN_SAFE_INTEGER : Date.parse(from);
    const toMs = to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to);
    if (fromMs > toMs) {
      const message = 'Expected a window that begins before it ends, but it ends first.';
      this.report.add('OUT_OF_RANGE', entry.value, message, 'Swap from and to.');
    }
    return { fromMs, toMs };
  }
}
