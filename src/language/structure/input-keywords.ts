import type { ProblemCode } from '../report/problem-codes.js';
import type { Report } from '../report/report.js';
import type { MapTree, Tree } from '../yaml/tree.js';
import { shownValue } from './issues.js';

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
/** A repeated group that itself repeats: such a pattern can take time without end on a short text. */
const CATASTROPHIC = /\([^()]*[+*}][^()]*\)[+*{]/;
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
  for (const { key, value } of schema.entries) {
    if (SCHEMAS.has(key)) checkInputSchema(value, report);
    else if (SCHEMA_MAPS.has(key)) checkMap(key, value, report);
    else if (SCHEMA_LISTS.has(key)) checkList(key, value, report);
    else if (key === 'type') checkType(value, report);
    else if (key === 'required') checkRequired(value, report);
    else if (key === 'pattern') checkPattern(value, report);
    else if (key === '$ref') checkReference(value, report);
  }
}

function checkMap(key: string, tree: Tree, report: Report): void {
  if (tree.type !== 'map')
    report.add(CODE, tree, `Expected a map of schemas under \`${key}\`, but it is ${shownValue(tree)}.`);
  else for (const { value } of tree.entries) checkInputSchema(value, report);
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
  if (CATASTROPHIC.test(tree.value)) {
    report.add(
      CODE,
      tree,
      'Expected a pattern that always ends soon, but a repeated group in it repeats.',
      'Repeat one of the two.',
    );
    return;
  }
  try {
    new RegExp(tree.value, 'u');
  } catch {
    report.add(CODE, tree, 'Expected a regular expression, but it does not compile.');
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
