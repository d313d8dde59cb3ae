import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '../../src/core/definition/definition.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { type PlacedCase, readFlowTest } from '../../src/language/testing/read-flow-test.js';

const FOLDER = join(import.meta.dirname, 'flows');

export interface Pattern {
  readonly number: number;
  /** The file's name without its ending. */
  readonly name: string;
  readonly definition: Definition;
  readonly cases: readonly PlacedCase[];
  /** Codes of the warnings that the flow has. */
  readonly warnings: readonly string[];
}

/** The flows in `flows/`, by the number of their pattern. */
export const PATTERNS: readonly Pattern[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.flow.yaml'))
  .sort()
  .map((file) => {
    const name = file.replace('.flow.yaml', '');
    const { definition, problems } = readDefinition(readFileSync(join(FOLDER, file)), file);
    const testFile = `${name}.flow.test.yaml`;
    const { test } = readFlowTest(readFileSync(join(FOLDER, testFile)), testFile);
    if (!definition || !test) throw new Error(`${file}: ${JSON.stringify(problems)}`);
    const warnings = problems.map(({ code }) => code);
    return { number: Number(name.slice(0, 2)), name, definition, cases: test.cases, warnings };
  });
