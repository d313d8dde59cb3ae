import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

/** What is wrong with a part of a request, in our words; a schema that says it itself is quoted. */
export function issueWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && isOfZod(issue))
    return `expected ${KINDS[issue.expected] ?? issue.expected}, but it is ${found(issue.input)}`;
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.slice(0, 5).map((key) => `\`${key.slice(0, 60)}\``);
    return `expected no other members, but there is ${keys.join(' and ')}`;
  }
  if (issue.code === 'too_small' && isOfZod(issue)) return `expected at least ${issue.minimum}${unit(issue.origin)}`;
  if (issue.code === 'too_big' && isOfZod(issue)) return `expected at most ${issue.maximum}${unit(issue.origin)}`;
  if (issue.code === 'invalid_value' && isOfZod(issue)) return `expected ${issue.values.map(String).join(' or ')}`;
  if (issue.code === 'invalid_format' && isOfZod(issue)) return `expected a text of the form ${issue.format}`;
  if (issue.code === 'invalid_union' && isOfZod(issue)) return 'expected another kind of value';
  return issue.message;
}

/** Its own sentences begin so; ours never do. */
const isOfZod = ({ message }: z.core.$ZodIssue): boolean => /^(Invalid|Too|Unrecognized) /.test(message);

const unit = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' of them' : '');

function found(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return KINDS[typeof value] ?? typeof value;
}
