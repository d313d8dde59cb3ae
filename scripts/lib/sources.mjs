import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** All files under a folder of the repository, as paths from its root; `[]` when the folder is not there. */
export function filesUnder(folder) {
  const top = join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

/** The newest change among files and folders, in milliseconds since 1970; 0 when none exists. */
export function newest(paths) {
  const files = paths.flatMap((path) =>
    existsSync(join(root, path)) && statSync(join(root, path)).isDirectory() ? filesUnder(path) : [path],
  );
  return Math.max(0, ...files.filter((path) => existsSync(join(root, path))).map(changedAt));
}

const changedAt = (path) => statSync(join(root, path)).mtimeMs;
