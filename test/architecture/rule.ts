import type { SourceFile } from './source-file.js';

/** A rule of the house: what it says, why, how a breach is found, and breaches that it must find. */
export interface Rule {
  readonly name: string;
  readonly why: string;
  /** One sentence per breach. */
  find(files: readonly SourceFile[]): string[];
  /** Each entry is a small repository, path to text, that breaks the rule. */
  readonly seeds: readonly Readonly<Record<string, string>>[];
}

/** A path that may do what a rule forbids, and the reason. */
export type Exceptions = Readonly<Record<string, string>>;

/** The line of a character, from 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** A rule that no code outside `allowed` matches `pattern`. Comments and the contents of strings do not count. */
export function forbids(options: {
  name: string;
  why: string;
  where: RegExp;
  pattern: RegExp;
  exceptions?: Exceptions;
  seeds: Rule['seeds'];
}): Rule {
  const { name, why, where, pattern, exceptions = {}, seeds } = options;
  const global = new RegExp(pattern.source, `g${pattern.flags.replace('g', '')}`);
  return {
    name,
    why,
    seeds,
    find: (files) =>
      files
        .filter(({ path }) => where.test(path) && !(path in exceptions))
        .flatMap(({ path, code }) =>
          [...code.matchAll(global)].map((match) => `${path}:${lineAt(code, match.index)} has '${match[0].trim()}'`),
        ),
  };
}
