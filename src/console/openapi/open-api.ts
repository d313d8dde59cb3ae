import { z } from 'zod';
import { type Answer, needsOf, type Operation } from './operation.js';
import { OPERATIONS } from './operations.js';
import { SHARED } from './shared-schemas.js';

type Node = Record<string, unknown>;

/** Refusals that every operation behind the token can give. */
const ALWAYS: Readonly<Record<number, string>> = {
  401: 'There is no token, or it is wrong.',
  421: 'The Host header names another host.',
  429: 'Too many wrong tokens came from this address.',
  500: 'Something broke here.',
  503: 'The database is away. Try again after `Retry-After` seconds.',
};

/** The API as an OpenAPI 3.1 document, made from the schemas that check requests and type the answers. */
export function openApi(version: string): Node {
  const paths: Record<string, Node> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: { title: 'Sluice', version, description: 'Flows in YAML, their instances, and what hangs.' },
    security: [{ token: [] }],
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } }, schemas: shared() },
  };
}

function describe(operation: Operation): Node {
  const needs = needsOf(operation);
  const forbidden = needs === 'viewer' ? {} : { 403: `The token has not got the role ${needs}.` };
  const refusals = operation.open
    ? { 421: ALWAYS[421], ...operation.refusals }
    : { ...ALWAYS, ...forbidden, ...operation.refusals };
  const responses: Record<string, Node> = {};
  for (const [status, description] of Object.entries(refusals)) {
    responses[status] = { description, content: { 'application/problem+json': { schema: ref('Problem') } } };
  }
  for (const [status, [description, answer]] of Object.entries(operation.answers)) {
    responses[status] = { description, content: contentOf(answer) };
  }
  const parameters = [
    ...parametersOf('path', operation.params),
    ...parametersOf('query', operation.query),
    ...Object.entries(operation.headers ?? {}).map(([name, schema]) => parameter('header', name, schema, false)),
  ];
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.open ? {} : { description: `Needs the role ${needs}.` }),
    tags: [operation.tag],
    ...(operation.open ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation.body ? { requestBody: bodyOf(operation.body, operation.yaml === true) } : {}),
    responses,
  };
}

function bodyOf(body: z.ZodType, yaml: boolean): Node {
  const content: Node = { 'application/json': { schema: schemaOf(body) } };
  if (yaml) content['application/yaml'] = { schema: { type: 'string' } };
  return { required: !body.safeParse({}).success, content };
}

function contentOf(answer: Answer): Node {
  if (typeof answer !== 'string') return { 'application/json': { schema: schemaOf(answer) } };
  return { [answer]: { schema: { type: answer === 'application/json' ? 'object' : 'string' } } };
}

const parametersOf = (place: 'path' | 'query', schema: z.ZodObject | undefined): Node[] =>
  Object.entries(schema?.shape ?? {}).map(([name, member]) => {
    const required = place === 'path' || !(member as z.ZodType).safeParse(undefined).success;
    return parameter(place, name, member as z.ZodType, required);
  });

function parameter(place: string, name: string, schema: z.ZodType, required: boolean): Node {
  const { description, ...rest } = plain(z.toJSONSchema(schema, { io: 'input' }));
  return { name, in: place, required, ...(description ? { description } : {}), schema: rest };
}

/** A reference where the schema is shared, an array of one, or the schema itself. */
function schemaOf(schema: z.ZodType): Node {
  const name = Object.keys(SHARED).find((key) => SHARED[key] === schema);
  if (name) return ref(name);
  if (schema instanceof z.ZodArray) return { type: 'array', items: schemaOf(schema.element as z.ZodType) };
  return plain(z.toJSONSchema(schema));
}

function shared(): Node {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SHARED)) registry.add(schema, { id });
  const uri = (id: string): string => `#/components/schemas/${id}`;
  const sent = z.toJSONSchema(registry, { uri, io: 'input' }).schemas;
  const answered = z.toJSONSchema(registry, { uri, io: 'output' }).schemas;
  const schemas: Node = {};
  for (const id of Object.keys(SHARED)) schemas[id] = plain((id.endsWith('Body') ? sent : answered)[id] as Node);
  return schemas;
}

const ref = (name: string): Node => ({ $ref: `#/components/schemas/${name}` });

function plain(schema: object): Node {
  const { $schema: _dialect, $id: _id, id: _name, ...rest } = schema as Node;
  return rest;
}
