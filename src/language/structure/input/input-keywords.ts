import { isPrototypeName } from '../../expression/reserved-names.js';
import { nearest } from '../../report/nearest.js';
import type { ProblemCode } from '../../report/problem-codes.js';
import type { Report, Span } from '../../report/report.js';
import type { Entry, MapTree, Tree } from '../../yaml/tree.js';
import { shownValue } from '../issues.js';
import { isEndless } from './endless-pattern.js';

const TYPES: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
const SCHEMA_MAPS: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);
const SCHEMAS: ReadonlySet<string> = new Set([
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'unevaluatedProperties',
]);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    '$id $schema $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs type enum const multipleOf maximum exclusiveMaximum ' +
    'minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxContains minContains maxProperties ' +
    'minProperties required dependentRequired properties patternProperties additionalProperties items prefixItems contains ' +
    'propertyNames if then else allOf anyOf oneOf not unevaluatedItems unevaluatedProperties dependentSchemas title description ' +
    'default deprecated readOnly writeOnly examples format contentEncoding contentMediaType contentSchema ' +
    'definitions dependencies additionalItems nullable discriminator example'
  ).split(' '),
);
/** Shorter ones are near to too many words that people may have of their own. */
const MISSPELT = [...KEYWORDS].filter((word) => word.length >= 4 && word !== 'then' && word !== 'else');
const CODE: ProblemCode = 'BAD_INPUT_SCHEMA';

/**
 * The faults of an input schema that hurt: a shape that no JSON Schema has, a reference to elsewhere, a pattern that
 * does not compile or does not end. The whole of JSON Schema is checked when the schema is compiled for use.
 */
export function checkInputSchema(tree: Tree, report: Report): void {
  if (tree.type === 'scalar' && typeof tree.value === 'boolean') return;
  if (tree.type !== 'map') {
    report.add(CODE, tree, `Expected a JSON Schema, but it is ${shownValue(tree)}.`);
    return;
  }
  checkKeywords(tree, report);
}

function checkKeywords(schema: MapTree, report: Report): void {
  for (const entry of schema.entries) {
    const { key, value } = entry;
    if (SCHEMAS.has(key)) checkInputSchema(value, report);
    else if (SCHEMA_MAPS.has(key)) checkMap(key, value, report);
    else if (SCHEMA_LISTS.has(key)) checkList(key, value, report);
    else if (key === 'type') checkType(value, report);
    else if (key === 'required') checkRequired(value, report);
    else if (key === 'pattern') checkPattern(value, report);
    else if (key === '$ref') checkReference(value, report);
    else if (key === 'format') checkFormat(value, report);
    else if (!KEYWORDS.has(key)) checkStrange(entry, report);
  }
}

/** A misspelt word checks nothing, and nobody would notice. What is far from all of them may be somebody's own. */
function checkStrange({ key, keyAt }: Entry, report: Report): void {
  if (key === '$async') {
    report.add(CODE, keyAt, 'Expected a schema that answers at once, but `$async` makes it wait.', 'Delete it.');
    return;
  }
  const meant = report.published ? null : nearest(key, MISSPELT);
  if (meant === null) return;
  const hint = `Did you mean \`${meant}\`? Words of your own begin with "x-".`;
  report.add(CODE, keyAt, `Expected a word of JSON Schema, but \`${key.slice(0, 60)}\` is none.`, hint);
}

function checkFormat(tree: Tree, report: Report): void {
  const isText = tree.type === 'scalar' && typeof tree.value === 'string';
  if (isText && !isPrototypeName(String(tree.value))) return;
  report.add(
    CODE,
    tree,
    `Expected the name of a format, but it is ${shownValue(tree)}.`,
    'For example email or date-time.',
  );
}

function checkMap(key: string, tree: Tree, report: Report): void {
  if (tree.type !== 'map') {
    report.add(CODE, tree, `Expected a map of schemas under \`${key}\`, but it is ${shownValue(tree)}.`);
    return;
  }
  for (const entry of tree.entries) {
    if (key === 'patternProperties') checkExpression(entry.key, entry.keyAt, report);
    checkInputSchema(entry.value, report);
  }
}

function checkList(key: string, tree: Tree, report: Report): void {
  if (tree.type !== 'list')
    report.add(CODE, tree, `Expected a list of schemas under \`${key}\`, but it is ${shownValue(tree)}.`);
  else for (const item of tree.items) checkInputSchema(item, report);
}

function checkType(tree: Tree, report: Report): void {
  const given = tree.type === 'list' ? tree.items : [tree];
  for (const type of given) {
    if (type.type === 'scalar' && TYPES.includes(type.value)) continue;
    report.add(
      CODE,
      type,
      `Expected a type of JSON Schema, but it is ${shownValue(type)}.`,
      `There are ${TYPES.join(', ')}.`,
    );
  }
}

function checkRequired(tree: Tree, report: Report): void {
  const isNames =
    tree.type === 'list' && tree.items.every((item) => item.type === 'scalar' && typeof item.value === 'string');
  if (!isNames) report.add(CODE, tree, `Expected a list of names under \`required\`, but it is ${shownValue(tree)}.`);
}

function checkPattern(tree: Tree, report: Report): void {
  if (tree.type !== 'scalar' || typeof tree.value !== 'string') {
    report.add(CODE, tree, `Expected a regular expression, but it is ${shownValue(tree)}.`);
    return;
  }
  checkExpression(tree.value, tree, report);
}

function checkExpression(pattern: string, at: Span, report: Report): void {
  // What was published runs on as it was.
  if (!report.published && isEndless(pattern)) {
    const message = 'Expected a pattern that always ends soon, but a repeated group in it repeats.';
    report.add(CODE, at, message, 'Repeat one of the two.');
    return;
  }
  try {
    new RegExp(pattern, 'u');
  } catch {
    report.add(CODE, at, 'Expected a regular expression, but it does not compile.');
  }
}

function checkReference(tree: Tree, report: Report): void {
  if (tree.type === 'scalar' && typeof tree.value === 'string' && tree.value.startsWith('#')) return;
  report.add(
    CODE,
    tree,
    `Expected a reference inside this schema, but it is ${shownValue(tree)}.`,
    'Start it with "#/".',
  );
}
