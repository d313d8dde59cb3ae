import { codesOf } from '../flow-text.js';

/** Milliseconds of the processor's own time: other work on the machine is not the check's. */
export function cpuMs(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

/** The codes of a text's problems, and the processor's time that it took to find them. */
export function timed(text: string | Uint8Array): { codes: string[]; ms: number } {
  let codes: string[] = [];
  const ms = cpuMs(() => {
    codes = codesOf(text);
  });
  return { codes, ms };
}
