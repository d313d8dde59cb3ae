import { describe, expect, it } from 'vitest';
import { fieldsOf, missingIn, outputOf } from '../../../web/src/model/form.js';

const form = {
  type: 'object',
  required: ['approved', 'rate'],
  properties: {
    approved: { type: 'boolean', title: 'Approved?' },
    rate: { type: 'integer', description: 'In percent' },
    kind: { enum: ['a', 2] },
    note: { type: 'string' },
    name: { type: 'string' },
  },
};

describe('a form made of a schema', () => {
  it('has a field for each property, in their order', () => {
    expect(fieldsOf(form)).toEqual([
      { name: 'approved', label: 'Approved?', hint: null, kind: 'yes-no', required: true, options: [] },
      { name: 'rate', label: 'rate', hint: 'In percent', kind: 'number', required: true, options: [] },
      { name: 'kind', label: 'kind', hint: null, kind: 'choice', required: false, options: ['a', 2] },
      { name: 'note', label: 'note', hint: null, kind: 'long', required: false, options: [] },
      { name: 'name', label: 'name', hint: null, kind: 'text', required: false, options: [] },
    ]);
  });

  it.each([
    ['no schema', null],
    ['no properties', { type: 'object' }],
    ['a list', { properties: { a: { type: 'array' } } }],
    ['an object', { properties: { a: { type: 'object' } } }],
    ['several types', { properties: { a: { type: ['string', 'null'] } } }],
    ['a choice of schemas', { properties: { a: { anyOf: [] } } }],
    ['a condition', { properties: { a: { type: 'string' } }, if: {} }],
    ['something required that is no property', { properties: { a: { type: 'string' } }, required: ['b'] }],
    ['a choice of more than texts and numbers', { properties: { a: { enum: [null] } } }],
  ])('is filled in as JSON when there is %s', (_, schema) => expect(fieldsOf(schema)).toBeNull());

  it('sends what is filled in, each as its type, and says what is missing', () => {
    const fields = fieldsOf(form) ?? [];
    expect(missingIn(fields, { approved: 'no' })).toEqual(['rate']);
    const typed = { approved: 'no', rate: '7', kind: '2', note: '', name: '7' };
    expect(outputOf(fields, typed)).toEqual({ approved: false, rate: 7, kind: 2, name: '7' });
    expect(outputOf(fields, { rate: 'much' })).toEqual({ rate: 'much' });
  });
});
