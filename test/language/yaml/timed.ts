import { codesOf } from '../flow-text.js';

/** The codes of a text's problems, and the processor's time that it took to find them: other work on the machine is not the check's. */
export function timed(text: string | Uint8Array): { codes: string[]; ms: number } {
  const from = process.cpuUsage();
  const codes = codesOf(text);
  const { user, system } = process.cpuUsage(from);
  return { codes, ms: (user + system) / 1_000 };
}
