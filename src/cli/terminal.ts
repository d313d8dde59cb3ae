import type { NodeTypes } from '../programs/load-node-types.js';

/** Where a command writes and what it may know of its surroundings; tests give their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly colour: boolean;
  /** A result: what a script would read. */
  out(text: string): void;
  /** What went wrong, or a remark. */
  err(text: string): void;
  stdin(): Promise<string>;
  /** Kinds of node that plugins bring; absent: nobody looked for any. */
  readonly plugins?: NodeTypes;
}

/** The command could not do what it was asked. The sentence is all that is printed. */
export class Refused extends Error {
  /** @param exitCode 1: the answer is no; 2: it was asked wrongly. */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** Text of others: control characters and direction marks would act on the terminal. */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => (character === '\n' ? ' ' : '\ufffd'));

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;
export type Colour = keyof typeof CODES;

export const painter =
  ({ colour }: Pick<Terminal, 'colour'>) =>
  (name: Colour, text: string): string =>
    colour ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text;

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `2026-11-21 23:05:07`, in UTC. */
export const shortTime = (iso: string): string => iso.slice(0, 19).replace('T', ' ');
