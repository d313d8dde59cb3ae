import { sluice } from '../../../src/cli/sluice.js';

export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Calls the command line in this process, and gives what it said. */
export async function call(
  args: readonly string[],
  { env = {}, cwd = process.cwd(), stdin = '' }: { env?: Record<string, string>; cwd?: string; stdin?: string } = {},
): Promise<Called> {
  const said = { out: [] as string[], err: [] as string[] };
  const code = await sluice(args, {
    env,
    cwd,
    colour: false,
    out: (text) => void said.out.push(text),
    err: (text) => void said.err.push(text),
    stdin: async () => stdin,
  });
  return { code, out: said.out.join('\n'), err: said.err.join('\n') };
}
