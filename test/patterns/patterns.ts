import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '../../src/core/definition/definition.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { type PlacedCase, readFlowTest } from '../../src/language/testing/read-flow-test.js';

export interface Pattern {
  readonly number: number;
  /** The file's name without its ending. */
  readonly name: string;
  readonly definition: Definition;
  readonly cases: readonly PlacedCase[];
  /** Codes of the warnings that the flow has. */
  readonly warnings: readonly string[];
}

/** The flows of a folder with their tests. */
const flowsIn = (folder: string): readonly Pattern[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.flow.yaml'))
    .sort()
    .map((file) => {
      const name = file.replace('.flow.yaml', '');
      const { definition, problems } = readDefinition(readFileSync(join(folder, file)), file);
      const testFile = `${name}.flow.test.yaml`;
      const { test } = readFlowTest(readFileSync(join(folder, testFile)), testFile);
      if (!definition || !test) throw new Error(`${file}: ${JSON.stringify(problems)}`);
      const warnings = problems.map(({ code }) => code);
      return { number: Number(name.slice(0, 2)), name, definition, cases: test.cases, warnings };
    });

/** One flow for each pattern that can be said. */
export const PATTERNS = flowsIn(join(import.meta.dirname, 'flows'));
/** Kinds of nodes whose work is more than asking one handler. */
export const KINDS = flowsIn(join(import.meta.dirname, '../kinds/flows'));
