import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Definition } from '../core/definition/definition.js';
import type { ValueType } from '../core/definition/starting/variables.js';
import type { Json, JsonObject } from '../core/json.js';

/** One thing that is wrong with a start input. */
export interface InputFault {
  /** JSON pointer to it; empty for the whole. */
  readonly pointer: string;
  /** "Expected X, but Y." */
  readonly message: string;
}

export type InputCheck = (input: unknown) => InputFault[];

/** The schema under `input`, `form`, `play`, `vars` or `returns` is no JSON Schema (2020-12), or refers to another document. */
export class InvalidInputSchema extends Error {
  override readonly name = 'InvalidInputSchema';
}

const MAX_FAULTS = 20;
const WANTED = {
  input: 'input that the schema allows',
  form: 'what the form allows',
  play: 'parameters that the flow allows',
  vars: 'what `vars` allows',
  returns: 'what `returns` allows',
} as const;

/**
 * Compiles the `input` of a definition into a check. Formats are checked, nothing is coerced or filled in, and
 * nothing is fetched: a reference that leads out of the schema is refused.
 *
 * @throws {InvalidInputSchema}
 */
export function compileInputCheck(schema: JsonObject, of: keyof typeof WANTED = 'input'): InputCheck {
  const validate = compile(newAjv(), schema, of);
  const wanted = WANTED[of];
  return (input) => {
    if (isFit(validate, input)) return [];
    return (validate.errors ?? [])
      .slice(0, MAX_FAULTS)
      .map((error) => ({ pointer: error.instancePath, message: `Expected ${wanted}, but ${whatIsWrong(error)}.` }));
  };
}

function whatIsWrong({ instancePath, message = 'is not allowed', params }: ErrorObject): string {
  const extra = typeof params['additionalProperty'] === 'string' ? ` (\`${params['additionalProperty']}\`)` : '';
  return `${instancePath === '' ? 'it' : `\`${instancePath}\``} ${message}${extra}`;
}

/** A type out of a JSON Schema, compiled when the first value is looked at. */
export class SchemaType implements ValueType {
  #validate: ValidateFunction | null = null;

  constructor(
    readonly schema: JsonObject,
    readonly of: 'vars' | 'returns',
  ) {}

  fault(value: Json): string | null {
    try {
      this.#validate ??= compile(newAjv(), this.schema, this.of);
    } catch (fault) {
      return fault instanceof Error ? fault.message : String(fault);
    }
    if (isFit(this.#validate, value)) return null;
    const [error] = this.#validate.errors ?? [];
    return error ? whatIsWrong(error) : 'it is not allowed';
  }
}

/** Checks by node of what people give, each compiled when it is first asked; nothing when no node has a form. */
export function compileFormChecks({ nodes }: Definition): {
  checkForm?: (node: string, output: unknown) => InputFault[];
} {
  const forms = new Map(
    [...nodes.values()].flatMap((it) => (it.kind === 'manual' && it.form ? [[it.id, it.form]] : [])),
  );
  if (forms.size === 0) return {};
  const compiled = new Map<string, InputCheck>();
  return {
    checkForm(node, output) {
      const form = forms.get(node);
      if (!form) return [];
      const check = compiled.get(node) ?? compileInputCheck(form, 'form');
      compiled.set(node, check);
      return check(output);
    },
  };
}

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateFormats: true,
    logger: false,
    ownProperties: true,
  });
  // The package is CommonJS: under Node's rules its default export is the module itself.
  (addFormats as unknown as (target: Ajv2020) => void)(ajv);
  return ajv;
}

/** What refers to itself without end only for some values is found when one comes; then nothing fits. */
function isFit(validate: ValidateFunction, input: unknown): boolean {
  try {
    return validate(input);
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    validate.errors = [ENDLESS];
    return false;
  }
}

const ENDLESS = {
  instancePath: '',
  schemaPath: '#',
  keyword: '$ref',
  params: {},
  message: 'leads the schema round in circles without end',
};

function compile(ajv: Ajv2020, schema: JsonObject, of: string): ValidateFunction {
  // An `$id` would register the schema; two flows may well have the same.
  // And with `$async` it would answer later, which nobody waits for: everything would fit.
  const { $id: _, $schema: __, $async: ___, ...anonymous } = schema;
  try {
    const validate = ajv.compile(anonymous);
    validate({});
    return validate;
  } catch (error) {
    // Every object would go round for ever in what refers to itself.
    const isEndless = error instanceof RangeError;
    const reason = isEndless
      ? 'it refers to itself without end'
      : error instanceof Error
        ? error.message
        : 'it cannot be compiled';
    throw new InvalidInputSchema(`Expected a JSON Schema under \`${of}\`, but ${reason}.`);
  }
}
