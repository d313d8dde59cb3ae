import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Refused } from '../terminal.js';

const FLOW_FILE = /\.flow\.ya?ml$/;
export const TRIGGER_FILE = /\.triggers\.ya?ml$/;
export const ROUTING_FILE = /\.routing\.ya?ml$/;
export const TEST_FILE = /\.flow\.test\.ya?ml$/;
/** What `sluice validate` looks at. */
export const CHECKED_FILE = /\.(?:flow|triggers|routing|flow\.test)\.ya?ml$/;

/** A file with the name that people see: relative to where they are. */
export interface FoundFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The files that were named, and every file of the kind (`*.flow.yaml`) in the folders that were named.
 * @throws {Refused} when a path is missing or a folder has none.
 */
export function flowFiles(paths: readonly string[], cwd: string, kind = FLOW_FILE): FoundFile[] {
  const found = new Set<string>();
  for (const path of paths) {
    const place = resolve(cwd, path);
    const entry = statSync(place, { throwIfNoEntry: false });
    if (!entry) throw new Refused(`Expected a file or folder at ${path}, but there is none.`, 2);
    const files = entry.isDirectory() ? inFolder(place, kind) : [place];
    const name = kind === TEST_FILE ? '*.flow.test.yaml' : '*.flow.yaml';
    if (files.length === 0) throw new Refused(`Expected files named ${name} in ${path}, but there are none.`, 2);
    for (const file of files) found.add(file);
  }
  return [...found].map((file) => ({ name: relative(cwd, file) || file, bytes: readFileSync(file) }));
}

function inFolder(folder: string, kind: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return inFolder(path, kind);
      // Whoever opens a pipe waits for somebody to write.
      const isFile = entry.isFile() || statSync(path, { throwIfNoEntry: false })?.isFile() === true;
      return isFile && kind.test(entry.name) ? [path] : [];
    });
}
