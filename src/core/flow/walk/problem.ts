import type { IncidentCode } from '../transition.js';

/** Why a node cannot go on. A class of its own, so that it can be told from every value. */
export class Problem {
  constructor(
    readonly code: IncidentCode,
    readonly message: string,
  ) {}
}

export const isProblem = (value: unknown): value is Problem => value instanceof Problem;
