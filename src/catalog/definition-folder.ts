import { type FSWatcher, watch } from 'node:fs';
import type { Cancel, Clock } from '../engine/ports/clock.js';
import { VersionConflict } from '../engine/ports/definition-store.js';
import type { Problem } from '../language/problem.js';
import { type ReadDefinition, readDefinition } from '../language/read-definition.js';
import { CustomKinds } from '../language/structure/kinds/task/custom/custom-kinds.js';
import { type FolderFault, readFlowFiles } from './flow-files.js';
import type { PublishDefinition } from './publish-definition.js';
import { type Routing, RoutingFiles, type RoutingReport } from './routing-files.js';
import { TriggerFiles, type TriggerReport } from './trigger-files.js';

/** Editors write a file in several steps, and a checkout many files. */
const SETTLE_MS = 100;

export interface PublishedFile {
  readonly file: string;
  readonly flow: string;
  readonly version: number;
  readonly created: boolean;
}

/** What became of the folder. A file with an error keeps the version that was published before. */
export interface FolderReport {
  readonly published: readonly PublishedFile[];
  /** Of all files: errors, and warnings of those that were published. */
  readonly problems: readonly Problem[];
  /** Files that could not be used at all, and why. */
  readonly faults: readonly FolderFault[];
  /** Rules for the router, of all files that are or were sound. */
  readonly routing: Routing;
  /** What starts flows, of all files that are or were sound. */
  readonly triggers: Pick<TriggerReport, 'triggers' | 'version'>;
}

export interface Watching {
  close(): void;
}

/** The folder of definitions: each file is published under its flow's next version when its content is new. */
export class DefinitionFolder {
  private readonly routingFiles: RoutingFiles;
  private readonly triggerFiles: TriggerFiles;

  constructor(
    private readonly folder: string,
    private readonly publish: Pick<PublishDefinition, 'execute'>,
    private readonly clock: Clock,
    private readonly kinds: CustomKinds = CustomKinds.none,
  ) {
    this.routingFiles = new RoutingFiles(folder);
    this.triggerFiles = new TriggerFiles(folder);
  }

  /** Publishes what is there. Never rejects because of a file. */
  async load({ again = false }: { readonly again?: boolean } = {}): Promise<FolderReport> {
    const { files, faults } = await readFlowFiles(this.folder);
    const all = files.map((one) => ({ ...one, read: readDefinition(one.source, one.file, undefined, this.kinds) }));
    const shared = sharedFlows(all);
    const flows = all.flatMap(({ read: { definition } }) =>
      definition ? [[definition.flow, definition] as const] : [],
    );
    const beside = new Map(flows);
    const rules = await this.routingFiles.load();
    const triggers = await this.triggerFiles.load();
    const report = {
      published: [] as PublishedFile[],
      problems: [...rules.problems, ...triggers.problems],
      faults: [...faults, ...rules.faults, ...triggers.faults],
      routing: rules.routing,
      triggers: { triggers: triggers.triggers, version: triggers.version },
    };
    for (const { file, source, read } of all) {
      const others = shared.get(file);
      if (others) {
        report.faults.push({
          file,
          message: `Expected one file per flow, but ${others}. None of them was published; rename one flow.`,
        });
        continue;
      }
      try {
        const answer = await this.publish.execute({ source, file, again, read, beside });
        report.problems.push(...answer.problems);
        if (!answer.published) continue;
        const { flow, version, created, newest } = answer;
        report.published.push({ file, flow, version, created });
        if (newest !== version) report.faults.push({ file, message: superseded(flow, version, newest) });
      } catch (error) {
        if (!(error instanceof VersionConflict)) throw error;
        report.faults.push({ file, message: error.message });
      }
    }
    return report;
  }

  /**
   * Publishes anew whenever something in the folder changes, and tells. Loads are never at work side by side. What
   * an author takes back becomes the newest version again.
   */
  watch(told: (report: FolderReport) => void, failed: (error: unknown) => void): Watching {
    return this.watching(async (isOpen) => {
      const report = await this.load({ again: true });
      if (isOpen()) told(report);
    }, failed);
  }

  /** Reads the routing rules anew whenever something in the folder changes, and tells. Publishes nothing. */
  watchRouting(told: (report: RoutingReport) => void, failed: (error: unknown) => void): Watching {
    return this.watching(async (isOpen) => {
      const report = await this.routingFiles.load();
      if (isOpen()) told(report);
    }, failed);
  }

  /** The same for triggers. */
  watchTriggers(told: (report: TriggerReport) => void, failed: (error: unknown) => void): Watching {
    return this.watching(async (isOpen) => {
      const report = await this.triggerFiles.load();
      if (isOpen()) told(report);
    }, failed);
  }

  private watching(read: (isOpen: () => boolean) => Promise<void>, failed: (error: unknown) => void): Watching {
    let pause: Cancel | null = null;
    let work: Promise<void> = Promise.resolve();
    let closed = false;
    const load = async (): Promise<void> => {
      if (closed) return;
      try {
        await read(() => !closed);
      } catch (error) {
        failed(error);
      }
    };
    const watcher: FSWatcher = watch(this.folder, { recursive: true, persistent: false });
    watcher.on('error', failed);
    watcher.on('change', () => {
      pause?.();
      pause = this.clock.schedule(SETTLE_MS, () => {
        work = work.then(load);
      });
    });
    return {
      close: () => {
        closed = true;
        pause?.();
        watcher.close();
      },
    };
  }
}

const superseded = (flow: string, version: number, newest: number): string =>
  newest > version
    ? `Expected the content of the newest version of ${flow}, but it is that of version ${version}, and version ${newest} is newer. ` +
      `Starts use version ${newest}. Change the file, if only a comment, to make this the newest.`
    : `Expected starts to use version ${version} of ${flow}, but somebody activated version ${newest}. ` +
      `Activate version ${version}, or change the file.`;

/** By file, a sentence about the flow that it shares with others. */
function sharedFlows(files: readonly { file: string; read: ReadDefinition }[]): ReadonlyMap<string, string> {
  const byFlow = new Map<string, string[]>();
  for (const { file, read } of files) {
    const flow = read.definition?.flow;
    if (flow !== undefined) byFlow.set(flow, [...(byFlow.get(flow) ?? []), file]);
  }
  const shared = [...byFlow].filter(([, names]) => names.length > 1);
  return new Map(
    shared.flatMap(([flow, names]) =>
      names.map((file) => [file, `${names.join(' and ')} all define ${flow}`] as const),
    ),
  );
}
