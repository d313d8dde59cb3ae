import { createHash } from 'node:crypto';
import type { Trigger } from '../core/definition/starting/trigger.js';
import type { Problem } from '../language/problem.js';
import { readTriggers } from '../language/routing/triggers/read-triggers.js';
import { type FolderFault, readFiles } from './flow-files.js';

const TRIGGER_FILE = /\.triggers\.ya?ml$/;

export interface TriggerReport {
  readonly triggers: readonly Trigger[];
  /** Of the files that they come from; `null`: there is none. */
  readonly version: string | null;
  readonly problems: readonly Problem[];
  readonly faults: readonly FolderFault[];
}

interface Good {
  readonly triggers: readonly Trigger[];
  readonly sha256: string;
}

/** The files of triggers in the folder of definitions. A file with an error keeps what it last said when it was sound. */
export class TriggerFiles {
  private good = new Map<string, Good>();

  constructor(private readonly folder: string) {}

  /** Triggers in the order of the files' names, and of the lines in them. Never rejects because of a file. */
  async load(): Promise<TriggerReport> {
    const { files, faults } = await readFiles(this.folder, TRIGGER_FILE);
    const problems: Problem[] = [];
    const good = new Map<string, Good>();
    for (const { file, source } of files) {
      const { triggers, problems: found } = readTriggers(source, file);
      problems.push(...found);
      const sha256 = createHash('sha256').update(source).digest('hex');
      const kept = triggers ? { triggers, sha256 } : this.good.get(file);
      if (kept) good.set(file, kept);
    }
    // A file that cannot be read now is not one that was taken away.
    for (const { file } of faults) {
      const before = this.good.get(file);
      if (before) good.set(file, before);
    }
    this.good = good;
    const own = faults.filter(({ file }) => TRIGGER_FILE.test(file));
    const version = [...good.values()].map(({ sha256 }) => sha256).join('');
    return {
      ...distinct(good),
      version: good.size === 0 ? null : createHash('sha256').update(version).digest('hex').slice(0, 12),
      problems,
      faults: [...own, ...distinct(good).faults],
    };
  }
}

/** A code names one trigger: of two files with the same, the first by name has it. */
function distinct(good: ReadonlyMap<string, Good>): Pick<TriggerReport, 'triggers' | 'faults'> {
  const owners = new Map<string, string>();
  const faults: FolderFault[] = [];
  const triggers = [...good].flatMap(([file, { triggers: own }]) =>
    own.filter(({ code }) => {
      const owner = owners.get(code);
      owners.set(code, owner ?? file);
      if (owner === undefined) return true;
      const message = `Expected a trigger \`${code}\` of its own, but ${owner} has one too. Rename one of them; this one is left out.`;
      faults.push({ file, message });
      return false;
    }),
  );
  return { triggers, faults };
}
