import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { definitionJsonSchema } from '../../../src/language/json-schema.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { LOAN_FLOW } from '../loan-flow.js';

const schema = definitionJsonSchema();
const validate = new Ajv({ strict: false }).compile(schema);
const accepts = (text: string): boolean => validate(parse(text));

const DEFINITIONS = new URL('../../../definitions/', import.meta.url);
const shipped = existsSync(DEFINITIONS) ? readdirSync(DEFINITIONS).filter((name) => name.endsWith('.flow.yaml')) : [];

describe('the JSON Schema for editors', () => {
  it('is draft-07, and describes what an author hovers over', () => {
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    const { properties } = schema as { properties: Record<string, { description?: string }> };
    for (const [key, { description }] of Object.entries(properties)) {
      if (key !== 'description') expect(description, key).toBeTypeOf('string');
    }
  });

  it('accepts the loan flow, as the reader does', () => {
    expect(accepts(LOAN_FLOW)).toBe(true);
    expect(readDefinition(LOAN_FLOW, 'loan.flow.yaml').problems).toEqual([]);
  });

  it('accepts every shipped definition, as the reader does', () => {
    for (const name of shipped) {
      const text = readFileSync(new URL(name, DEFINITIONS), 'utf8');
      expect({ name, accepts: accepts(text) }).toEqual({ name, accepts: true });
      const errors = readDefinition(text, name).problems.filter(({ severity }) => severity === 'error');
      expect({ name, errors }).toEqual({ name, errors: [] });
    }
  });

  it.each([
    ['an unknown key', ['title:', 'titel:']],
    ['a missing key', ['flow: loan_disbursement\n', '']],
    ['an unknown kind', ['{ start: true }', '{ strat: true }']],
    ['two kinds', ['{ start: true }', '{ start: true, timer: 1m }']],
    ['a modifier of another kind', ['timer: 2m', 'timer: 2m, timeout: 1m']],
    ['a bad duration', ['timer: 2m', 'timer: 2 min']],
    ['a number out of range', ['max: 20', 'max: -1']],
    ['a wrong type', ['local: [100ms, 300ms, 900ms]', 'local: 100ms']],
    ['a bad id', ['  settle: ', '  set-tle: ']],
    ['an edge without an arrow', ['- undo -> rejected', '- undo']],
    ['an empty condition', ['on timeout', '""']],
    ['a bad end', ['{ end: success }', '{ end: { fail: no } }']],
    ['a bad join', ['{ join: all }', '{ join: some }']],
  ])('refuses %s, as the reader does', (_, [from = '', to = '']) => {
    const text = LOAN_FLOW.replace(from, to);
    expect(text).not.toBe(LOAN_FLOW);
    expect(accepts(text)).toBe(false);
    expect(readDefinition(text, 'loan.flow.yaml').definition).toBeNull();
  });
});
