type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const HEAD = `// Written from the schemas of the API, as its OpenAPI document has them: do not edit. What is wrong is written anew by
// \`npx vitest run --project unit test/architecture/wire-types.spec.ts -u\`.

/** Any JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A part of a list; \`next\` is the cursor of the next one, \`null\` on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
`;

/**
 * The TypeScript types of answers, out of the shared schemas of an OpenAPI document.
 * @param names those that are read; what they refer to comes along.
 */
export function wireText(schemas: Readonly<Record<string, Schema>>, names: readonly string[]): string {
  const wanted = new Set(names);
  for (const name of wanted) {
    if (!schemas[name]) throw new Error(`Expected a shared schema '${name}', but there is none.`);
    for (const [, other] of JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/(\w+)"/g))
      wanted.add(other ?? '');
  }
  const types = [...wanted].sort().map((name) => {
    const schema = schemas[name] as Schema;
    return `${told(schema, '')}export interface ${name} ${membersOf(schema, '')}\n`;
  });
  return [HEAD, ...types].join('\n');
}

/** The description as a comment, if there is one. */
const told = ({ description }: Schema, indent: string): string =>
  typeof description === 'string' ? `${indent}/** ${description} */\n` : '';

function membersOf({ properties, required }: Schema, indent: string): string {
  const inner = `${indent}  `;
  const needed = Array.isArray(required) ? required : [];
  const lines = Object.entries((properties ?? {}) as Record<string, Schema>).map(([name, schema]) => {
    const mark = needed.includes(name) ? '' : '?';
    return `${told(schema, inner)}${inner}readonly ${name}${mark}: ${typeOf(schema, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

function typeOf(schema: Schema, indent: string): string {
  const { $ref, anyOf, enum: choice, type, items, properties } = schema;
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1);
  if (Array.isArray(anyOf)) return anyOf.map((one: Schema) => typeOf(one, indent)).join(' | ');
  if (Array.isArray(choice)) return choice.map(literal).join(' | ');
  if ('const' in schema) return literal(schema['const']);
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one }, indent)).join(' | ');
  if (type === 'array') return `readonly ${bracketed(typeOf((items ?? {}) as Schema, indent))}[]`;
  if (type === 'object') return isSchema(properties) ? membersOf(schema, indent) : recordOf(schema, indent);
  if (type === 'integer') return 'number';
  return typeof type === 'string' ? type : 'Json';
}

function recordOf({ propertyNames, additionalProperties, required }: Schema, indent: string): string {
  const keys = isSchema(propertyNames) ? typeOf(propertyNames, indent) : 'string';
  const values = isSchema(additionalProperties) ? typeOf(additionalProperties, indent) : 'Json';
  const record = `Record<${keys}, ${values}>`;
  return keys === 'string' || Array.isArray(required) ? `Readonly<${record}>` : `Readonly<Partial<${record}>>`;
}

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));
const bracketed = (type: string): string => (/^\w+$/.test(type) || type.startsWith('{') ? type : `(${type})`);
