import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { isPrototypeName } from '../expression/reserved-names.js';
import type { ProblemCode } from '../report/problem-codes.js';
import type { Report, Span } from '../report/report.js';
import { scan } from './scan.js';
import type { Entry, ScalarTree, Tree } from './tree.js';

/** Duplicate keys are ours to find: the parser compares every pair of keys, and names no first place. */
const OPTIONS = {
  version: '1.2',
  schema: 'core',
  strict: true,
  uniqueKeys: false,
  merge: false,
  stringKeys: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** One fault brings others with it; after so many nobody reads on. */
const MAX_FAULTS = 20;

/** One strict YAML 1.2 document. `null` when it cannot be read; the report says why. */
export function parseYaml(text: string, report: Report): Tree | null {
  if (!scan(text, report)) return null;
  const document = parseDocument(text, report);
  if (!document) return null;
  const faults = withoutEchoes([...document.errors, ...document.warnings]);
  for (const fault of faults.slice(0, MAX_FAULTS)) reportSyntax(fault, document, report);
  const { contents } = document;
  if (faults.length > 0) return null;
  if (!isMap(contents)) {
    const what = isSeq(contents) ? 'a list' : 'a single value';
    const isEmpty = contents === null || (isScalar(contents) && contents.value === null && !contents.source);
    if (isEmpty)
      report.add(
        'EMPTY_FILE',
        { start: 0, end: 1 },
        'Expected a flow, but the file is empty.',
        'Start with `flow: my_flow`.',
      );
    else report.add('NOT_A_MAPPING', spanOf(contents), `Expected keys such as \`flow\`, but the file is ${what}.`);
    return null;
  }
  return new TreeBuilder(report).build(contents);
}

function parseDocument(text: string, report: Report): Document | null {
  try {
    const documents = parseAllDocuments(text, OPTIONS);
    const [first, second] = documents;
    if (second) {
      const start = second.range[0];
      report.add(
        'MULTIPLE_DOCUMENTS',
        { start, end: start + 3 },
        'Expected one flow in a file, but a second document starts here.',
        'Give each flow a file of its own.',
      );
      return null;
    }
    if (first) return first as Document;
    report.add(
      'EMPTY_FILE',
      { start: 0, end: 1 },
      'Expected a flow, but the file is empty.',
      'Start with `flow: my_flow`.',
    );
  } catch {
    report.add('TOO_DEEP', { start: 0, end: 1 }, 'Expected a text that can be read, but it exhausts the parser.');
  }
  return null;
}

const CODES: Readonly<Record<string, ProblemCode>> = {
  TAB_AS_INDENT: 'TAB_AS_INDENT',
  NON_STRING_KEY: 'NON_STRING_KEY',
  RESOURCE_EXHAUSTION: 'TOO_DEEP',
  TAG_RESOLVE_FAILED: 'YAML_TAG',
};

/** After one sign too many the parser knows no structure any more, and every word to the end is one more fault. */
function withoutEchoes(faults: readonly YAMLError[]): YAMLError[] {
  const isLost = ({ code, message }: YAMLError): boolean =>
    code === 'UNEXPECTED_TOKEN' && message.endsWith('"') && message.includes('token in YAML stream');
  const first = faults.find(isLost);
  return faults.filter((fault) => fault === first || !isLost(fault));
}

/** A quote that never closes is told where it opens: where the file ends, nobody looks for it. */
function placeOf(fault: YAMLError, document: Document): Span {
  const [start, end] = fault.pos;
  let open = start;
  if (fault.code === 'MISSING_CHAR' && fault.message.includes('quote')) {
    visit(document, {
      Scalar: (_key, { type, range }) => {
        if (type?.startsWith('QUOTE') && range && range[0] < start) open = range[0];
      },
    });
  }
  return { start: open, end: open < start ? open + 1 : Math.max(end, start + 1) };
}

function reportSyntax(fault: YAMLError, document: Document, report: Report): void {
  const span = placeOf(fault, document);
  const code = CODES[fault.code] ?? 'YAML_SYNTAX';
  if (code === 'TAB_AS_INDENT') {
    report.add(code, span, 'Expected spaces as indentation, but found a tab.', 'Use two spaces.');
  } else if (code === 'NON_STRING_KEY') {
    report.add(code, span, 'Expected a text as key, but found a list or a map.');
  } else {
    const detail = fault.message.charAt(0).toLowerCase() + fault.message.slice(1).replace(/\.$/, '');
    report.add(code, span, `Expected valid YAML, but the parser says: ${detail}.`, syntaxHint(fault, report));
  }
}

function syntaxHint(fault: YAMLError, report: Report): string | null {
  const line = report.lineAt(fault.pos[0]);
  if (fault.code === 'MULTILINE_IMPLICIT_KEY') return 'Is a space missing after a colon, or an end quote?';
  if (fault.code === 'MISSING_CHAR') return 'Close the quote or the bracket.';
  if (/\{.*\(.*,/.test(line)) return 'A comma ends a value in { … }; put the whole expression in quotes.';
  return /(?:->|when:|until:)/.test(line) ? 'Put the whole condition in single quotes.' : null;
}

const spanOf = (node: Node): Span => ({ start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 1 });

class TreeBuilder {
  constructor(private readonly report: Report) {}

  build(node: unknown): Tree {
    if (isMap(node)) return this.map(node);
    if (isSeq(node)) return { type: 'list', items: node.items.map((item) => this.build(item)), ...spanOf(node) };
    return this.scalar(node);
  }

  private map(node: YAMLMap): Tree {
    const seen = new Map<string, Span>();
    const entries: Entry[] = [];
    for (const pair of node.items) {
      const entry = this.entry(pair);
      const first = seen.get(entry.key);
      if (first) {
        const { line, column } = this.report.position(first.start);
        const message = `Expected each key once, but \`${entry.key}\` is already at ${line}:${column}.`;
        this.report.add('DUPLICATE_KEY', entry.keyAt, message);
      } else if (this.isAllowed(entry)) {
        entries.push(entry);
      }
      seen.set(entry.key, first ?? entry.keyAt);
    }
    return { type: 'map', isFlow: node.flow === true, entries, ...spanOf(node) };
  }

  private entry(pair: Pair): Entry {
    const key = this.scalar(pair.key);
    const value = isPair(pair) && pair.value !== null ? this.build(pair.value) : emptyAfter(key);
    return { key: this.keyText(pair, key), keyAt: key, keyTextStart: key.textStart, value };
  }

  private keyText(pair: Pair, key: ScalarTree): string {
    return isScalar(pair.key) && typeof pair.key.value !== 'string' ? this.report.slice(key) : String(key.value ?? '');
  }

  private isAllowed({ key, keyAt }: Entry): boolean {
    if (key === '<<') {
      this.report.add('YAML_MERGE', keyAt, 'Expected a plain key, but `<<` merges maps.', 'Write the keys out.');
      return false;
    }
    if (!isPrototypeName(key)) return true;
    this.report.add('RESERVED_NAME', keyAt, `Expected another name, but \`${key}\` is reserved.`);
    return false;
  }

  private scalar(node: unknown): ScalarTree {
    if (!isScalar(node)) return { type: 'scalar', value: null, empty: true, textStart: null, start: 0, end: 1 };
    const span = spanOf(node);
    const written = this.report.slice(span);
    const value = (node.value ?? null) as ScalarTree['value'];
    if (typeof value === 'number') this.checkNumber(value, written, span);
    return {
      type: 'scalar',
      value,
      empty: value === null && written === '',
      textStart: textStart(value, written, span),
      ...span,
    };
  }

  private checkNumber(value: number, written: string, span: Span): void {
    if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return;
    const message = `Expected a number that is kept exactly, but \`${written.slice(0, 40)}\` is not.`;
    this.report.add('BAD_NUMBER', span, message, 'Put it in quotes, as a text.');
  }
}

function emptyAfter(key: ScalarTree): ScalarTree {
  return { type: 'scalar', value: null, empty: true, textStart: null, start: key.start, end: key.end };
}

function textStart(value: unknown, written: string, span: Span): number | null {
  if (typeof value !== 'string') return null;
  if (written === value) return span.start;
  return written.slice(1, -1) === value ? span.start + 1 : null;
}
