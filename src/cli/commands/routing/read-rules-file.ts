import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Refused, type Terminal } from '../../terminal.js';

/** The text of a file of rules. */
export function readRulesFile(file: string, { cwd }: Pick<Terminal, 'cwd'>): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8');
  } catch {
    throw new Refused(`Expected a file of rules at ${file}, but it cannot be read.`, 2);
  }
}
