import { readFileSync } from 'node:fs';
import { didYouMean } from '../../language/report/nearest.js';
import { PROBLEM_CODES } from '../../language/report/problem-codes.js';
import { Refused, type Terminal } from '../terminal.js';

/** Beside the sources, and beside what is built of them. */
const PAGES = ['../../../docs/problems.md', '../../../../docs/problems.md'];

/** Whether a word is a code, letter for letter: ids of flows are seldom in capitals. */
export const isProblem = (word: string): boolean => Object.hasOwn(PROBLEM_CODES, word);

/** Writes what the documentation says of a problem. 0: it is known. */
export function explainProblem(code: string, terminal: Terminal): number {
  const wanted = code.toUpperCase();
  if (!Object.hasOwn(PROBLEM_CODES, wanted)) {
    const hint = didYouMean(wanted, Object.keys(PROBLEM_CODES)) ?? 'docs/problems.md lists them all.';
    throw new Refused(`Expected the code of a problem, but there is no ${code.slice(0, 80)}. ${hint}`, 2);
  }
  const section = new RegExp(`^### ${wanted}\\n([\\s\\S]*?)(?=^##|(?![\\s\\S]))`, 'm').exec(page())?.[0];
  terminal.out((section ?? wanted).trimEnd());
  return 0;
}

function page(): string {
  for (const place of PAGES) {
    try {
      return readFileSync(new URL(place, import.meta.url), 'utf8');
    } catch {
      // Not there: the other place.
    }
  }
  throw new Refused('Expected docs/problems.md beside the program, but it is not there. Install Sluice again.');
}
