import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Json, JsonObject } from '../../../../../core/json.js';
import { didYouMean } from '../../../../report/nearest.js';
import type { ProblemCode } from '../../../../report/problem-codes.js';
import type { Report } from '../../../../report/report.js';
import { type Entry, entryOf, find, plain } from '../../../../yaml/tree.js';
import { shownKey, shownValue } from '../../../issues.js';
import type { KindFacts, LoadedKind } from './kind-facts.js';
import { writtenSchema } from './kind-facts.js';

const MAX_FAULTS = 20;
const compiled = new WeakMap<JsonObject, ValidateFunction>();

/** @throws {Error} when it is no JSON Schema, or refers to another document. */
export function compileSchema(schema: JsonObject): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false, ownProperties: true });
  // The package is CommonJS: under Node's rules its default export is the module itself.
  (addFormats as unknown as (target: Ajv2020) => void)(ajv);
  const { $id: _, $schema: __, ...anonymous } = schema;
  const validate = ajv.compile(anonymous);
  compiled.set(schema, validate);
  return validate;
}

const written = new WeakMap<JsonObject, JsonObject>();

/** Whether the fields of a node are what its kind wants. What is wrong is told at its place. */
export function checkFields(kind: LoadedKind, node: string, fields: Entry, report: Report): boolean {
  if (fields.value.type !== 'map') {
    const message = `Expected the fields of \`${kind.name}\` as a map, but it is ${shownValue(fields.value)}.`;
    report.add('WRONG_TYPE', fields.value, message, 'Without fields: {}.');
    return false;
  }
  const schema = written.get(kind.schema) ?? writtenSchema(kind);
  written.set(kind.schema, schema);
  const validate = compileSchema(schema);
  const value = plain(fields.value) as JsonObject;
  if (!validate(value)) {
    for (const fault of (validate.errors ?? []).slice(0, MAX_FAULTS)) tell(fault, kind, fields, report);
    return false;
  }
  return isAccepted(kind, node, value, fields, report);
}

function isAccepted(kind: LoadedKind, node: string, value: JsonObject, fields: Entry, report: Report): boolean {
  if (!kind.validate) return true;
  try {
    // A copy: what a plugin does to it is nobody else's.
    const findings = kind.validate(structuredClone(value), { node });
    for (const { path, message, hint } of findings) {
      const { tree, entry } = find(fields.value, stepsOf(path));
      report.add('BAD_FIELD', path === '' ? fields.keyAt : (entry?.value ?? tree), message, hint ?? null);
    }
    return findings.length === 0;
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault);
    const message = `Expected \`${kind.name}\` to say whether its fields are right, but its check failed: ${reason}.`;
    report.add('BAD_FIELD', fields.keyAt, message, `It is the plugin's fault: ${kind.name} ${kind.version}.`);
    return false;
  }
}

const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

function tell(fault: ErrorObject, kind: KindFacts, fields: Entry, report: Report): void {
  const { tree, entry } = find(fields.value, stepsOf(fault.instancePath));
  const at = fault.instancePath === '' ? fields.keyAt : (entry?.value ?? tree);
  const params = fault.params as Readonly<Record<string, Json>>;
  const add = (code: ProblemCode, message: string, hint: string | null = null, place = at): void =>
    report.add(code, place, message, hint);
  const known = Object.keys((kind.schema['properties'] ?? {}) as JsonObject);
  switch (fault.keyword) {
    case 'required':
      return add('MISSING_KEY', `Expected the field \`${params['missingProperty']}\`, but it is missing.`);
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const place = entryOf(tree, key)?.keyAt ?? at;
      const message = `Expected a field of \`${kind.name}\`, but \`${shownKey(key)}\` is none.`;
      return add('UNKNOWN_KEY', message, didYouMean(key, known) ?? `It has ${known.join(', ') || 'none'}.`, place);
    }
    default: {
      const allowed = params['allowedValues'] as Json[] | undefined;
      const rule = allowed ? `one of ${allowed.map(String).join(', ')}` : `what its kind allows`;
      const shown = at === fields.keyAt ? '' : ` is ${shownValue(tree)}`;
      const why = allowed ? '' : `${shown ? ', and ' : ' '}${fault.message ?? 'is not allowed'}`;
      return add('BAD_FIELD', `Expected \`${shownField(fault, kind)}\` to be ${rule}, but it${shown}${why}.`);
    }
  }
}

const shownField = ({ instancePath }: ErrorObject, { name }: KindFacts): string =>
  instancePath === '' ? name : stepsOf(instancePath).join('.');
