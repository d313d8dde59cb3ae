import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

const MAX_FILES = 1_000;
/** Of anything; a folder with more is not one of definitions. */
const MAX_ENTRIES = 20_000;
/** What the language takes, and one byte more, so that it can see that there is more. */
const READ_BYTES = 256 * 1024 + 1;
const FLOW_FILE = /\.flow\.ya?ml$/;

/** A flow's file, read. `file` is its path from the folder, with `/`. */
export interface FlowFile {
  readonly file: string;
  readonly source: Uint8Array;
}

/** Why something in the folder could not be used. */
export interface FolderFault {
  readonly file: string;
  readonly message: string;
}

export interface FlowFiles {
  /** By path. */
  readonly files: readonly FlowFile[];
  readonly faults: readonly FolderFault[];
}

/**
 * Reads every `*.flow.yaml` under a folder: regular files inside it alone, whatever links say, at most 1,000. What
 * cannot be used is named, and the rest is read all the same. Hidden folders and `node_modules` are left out.
 */
export const readFlowFiles = (folder: string): Promise<FlowFiles> => readFiles(folder, FLOW_FILE);

/** The same for files of another kind. */
export async function readFiles(folder: string, kind: RegExp): Promise<FlowFiles> {
  const root = await realpath(folder).catch(() => null);
  if (root === null || !(await stat(root)).isDirectory()) {
    const message = `Expected a folder of definitions at ${folder}, but there is none. Make it, or set SLUICE_DEFINITIONS.`;
    return { files: [], faults: [{ file: '.', message }] };
  }
  const walk = new Walk(root, kind);
  await walk.enter(root);
  const byPath = (a: { file: string }, b: { file: string }): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
  return { files: walk.files.sort(byPath), faults: walk.faults.sort(byPath) };
}

class Walk {
  readonly files: FlowFile[] = [];
  readonly faults: FolderFault[] = [];
  /** Real paths: a link back to where we were, or a second link to one file, adds nothing. */
  private readonly seen: Set<string>;
  private entries = 0;
  private full = false;

  constructor(
    private readonly root: string,
    private readonly kind: RegExp,
  ) {
    this.seen = new Set([root]);
  }

  async enter(folder: string): Promise<void> {
    const names = await readdir(folder).catch((error: unknown) => this.fault(folder, unreadable(error)));
    for (const name of (names ?? []).sort()) {
      if (this.full) return;
      if (++this.entries > MAX_ENTRIES) return this.stop(`${MAX_ENTRIES} files and folders of any kind`);
      if (!name.startsWith('.') && name !== 'node_modules') await this.look(join(folder, name));
    }
  }

  private async look(path: string): Promise<void> {
    const wanted = this.kind.test(path);
    try {
      const real = await realpath(path);
      const inside = real === this.root || real.startsWith(this.root + sep);
      const entry = await stat(real);
      if (!inside) {
        if (wanted || entry.isDirectory())
          this.fault(path, 'Expected a link to lead to a place inside the folder, but it leads out of it.');
        return;
      }
      if (!entry.isDirectory() && !wanted) return;
      if (this.seen.has(real)) return;
      this.seen.add(real);
      if (entry.isDirectory()) return await this.enter(real);
      if (!entry.isFile()) return this.fault(path, 'Expected a regular file, but it is a pipe, a socket or a device.');
      if (this.files.length === MAX_FILES) return this.stop(`${MAX_FILES} flows`);
      this.files.push({ file: this.nameOf(path), source: await readStart(real) });
    } catch (error) {
      // Links that lead nowhere, or round in circles, matter only where a flow is expected.
      if (wanted) this.fault(path, unreadable(error));
    }
  }

  private stop(limit: string): void {
    this.full = true;
    this.fault(this.root, `Expected at most ${limit} in the folder, but there are more. The rest was left out.`);
  }

  private fault(path: string, message: string): void {
    this.faults.push({ file: this.nameOf(path), message });
  }

  private nameOf(path: string): string {
    return relative(this.root, path).split(sep).join('/') || '.';
  }
}

/** Never waits: what is a file when it is looked at can be a pipe when it is opened. */
async function readStart(path: string): Promise<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = new Uint8Array(READ_BYTES);
    let size = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, size, READ_BYTES - size, size);
      size += bytesRead;
      if (bytesRead === 0 || size === READ_BYTES) return bytes.slice(0, size);
    }
  } finally {
    await handle.close();
  }
}

const unreadable = (error: unknown): string => {
  const { code } = error as { code?: string };
  const why =
    code === 'EACCES'
      ? 'this process may not'
      : code === 'ELOOP'
        ? 'its links lead in a circle'
        : (code ?? String(error));
  return `Expected to be able to read it, but ${why}. Check the file and its rights.`;
};
