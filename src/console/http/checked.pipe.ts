import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { issueWords } from './issue-words.js';
import { Problem, type Violation } from './problem.js';

/** Checks a part of the request against its schema; everything that is wrong is told at once. */
export class Checked<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  /** @param part `body` answers 422, everything else 400. */
  constructor(
    private readonly schema: S,
    private readonly part: 'body' | 'query' | 'path',
  ) {}

  transform(value: unknown): z.output<S> {
    // A request without a body is one with an empty object: what is missing is then told member by member.
    const answer = this.schema.safeParse(this.part === 'body' ? (value ?? {}) : value, { reportInput: true });
    if (answer.success) return answer.data;
    const violations = answer.error.issues.map(violationOf);
    const first = violations[0];
    const where = first?.pointer ? ` at ${first.pointer}` : '';
    const sentence = `Expected a request like the one in /api/openapi.json, but${where}: ${first?.message ?? 'it differs'}.`;
    throw new Problem(this.part === 'body' ? 422 : 400, 'INVALID_REQUEST', sentence, { violations });
  }
}

const violationOf = (issue: z.core.$ZodIssue): Violation => ({
  pointer: issue.path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
  message: issueWords(issue),
});
