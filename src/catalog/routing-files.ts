import { createHash } from 'node:crypto';
import type { WantedLane } from '../core/routing/lane.js';
import type { Override, Rule } from '../core/routing/rules.js';
import type { Problem } from '../language/problem.js';
import { readRouting } from '../language/routing/read-routing.js';
import { type FolderFault, readFiles } from './flow-files.js';

const ROUTING_FILE = /\.routing\.ya?ml$/;

export interface Routing {
  readonly rules: readonly Rule[];
  readonly overrides: readonly Override[];
  readonly lanes: readonly WantedLane[];
  /** Of the files that they come from; `null`: there is none. */
  readonly version: string | null;
}

export interface RoutingReport {
  readonly routing: Routing;
  readonly problems: readonly Problem[];
  readonly faults: readonly FolderFault[];
}

interface Good extends Omit<Routing, 'version'> {
  readonly sha256: string;
}

/** The files of routing rules in the folder of definitions. A file with an error keeps what it last said when it was sound. */
export class RoutingFiles {
  private good = new Map<string, Good>();

  constructor(private readonly folder: string) {}

  /** Rules in the order of the files' names, and of the lines in them. Never rejects because of a file. */
  async load(): Promise<RoutingReport> {
    const { files, faults } = await readFiles(this.folder, ROUTING_FILE);
    const problems: Problem[] = [];
    const good = new Map<string, Good>();
    for (const { file, source } of files) {
      const read = readRouting(source, file);
      problems.push(...read.problems);
      const kept = read.routing
        ? { ...read.routing, sha256: createHash('sha256').update(source).digest('hex') }
        : this.good.get(file);
      if (kept) good.set(file, kept);
    }
    // A file that cannot be read now is not one that was taken away.
    for (const { file } of faults) {
      const before = this.good.get(file);
      if (before) good.set(file, before);
    }
    this.good = good;
    const all = [...good.values()];
    const version = all.map(({ sha256 }) => sha256).join('');
    const routing = {
      rules: all.flatMap(({ rules }) => rules),
      overrides: all.flatMap(({ overrides }) => overrides),
      lanes: all.flatMap(({ lanes }) => lanes),
      version: all.length === 0 ? null : createHash('sha256').update(version).digest('hex').slice(0, 12),
    };
    return { routing, problems, faults: faults.filter(({ file }) => ROUTING_FILE.test(file)) };
  }
}
