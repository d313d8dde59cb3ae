import { Option } from 'commander';

/** An option whose value is one of a few words. */
export const anyOf = (flags: string, says: string, choices: readonly string[]): Option =>
  new Option(flags, says).choices(choices);
