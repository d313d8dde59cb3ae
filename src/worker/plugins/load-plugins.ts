import { readdir, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FoundPlugin, NodeTypes } from './node-types.js';

const PLUGIN_FILE = /\.plugin\.m?js$/;
const MAX_FILES = 200;
const LONGEST_MS = 10_000;

export interface PluginsOrder {
  /** Folder of `*.plugin.js` and `*.plugin.mjs`. */
  readonly folder: string;
  /** false: no folder is no fault. */
  readonly isWanted: boolean;
  /** Kinds of the application itself. */
  readonly types?: readonly unknown[];
  /** How long a plugin may take to be read. Default 10 s. */
  readonly longestMs?: number;
}

/** Reads every plugin there is. Never rejects: what cannot be used is refused with its reason. */
export async function loadPlugins({
  folder,
  isWanted,
  types = [],
  longestMs = LONGEST_MS,
}: PluginsOrder): Promise<NodeTypes> {
  const own = types.map((type, index): FoundPlugin => ({ place: `nodeTypes[${index}]`, types: [type] }));
  const root = await realpath(resolve(folder)).catch(() => null);
  const files = root === null ? null : await filesIn(root);
  if (root === null || files === null) {
    const fault = `Expected a folder of plugins at ${folder}, but there is none. Make it, or set SLUICE_PLUGINS.`;
    return NodeTypes.of([...own, ...(isWanted ? [{ place: folder, types: [], fault }] : [])]);
  }
  const found = await Promise.all(files.map((file) => read(root, file, longestMs)));
  return NodeTypes.of([...own, ...found]);
}

async function filesIn(root: string): Promise<readonly string[] | null> {
  const names = await readdir(root, { recursive: true }).catch(() => null);
  const isHidden = (name: string): boolean =>
    name.split(sep).some((part) => part.startsWith('.') || part === 'node_modules');
  const files = names?.filter((name) => PLUGIN_FILE.test(name) && !isHidden(name)).sort();
  return files?.slice(0, MAX_FILES).map((name) => join(root, name)) ?? null;
}

async function read(root: string, file: string, longestMs: number): Promise<FoundPlugin> {
  const place = relative(root, file).split(sep).join('/');
  try {
    const loaded = await inTime(import(pathToFileURL(file).href) as Promise<{ default?: unknown }>, longestMs);
    if (loaded === null)
      return { place, types: [], fault: `Expected it to load within ${longestMs / 1_000} s, but it did not.` };
    const { default: exported } = loaded;
    if (exported === undefined) return { place, types: [], fault: NO_DEFAULT };
    const types: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
    return types.length > 0 ? { place, types } : { place, types, fault: NO_DEFAULT };
  } catch (fault) {
    const reason = fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
    return { place, types: [], fault: `Expected it to load, but it failed: ${reason.slice(0, 500)}.` };
  }
}

const NO_DEFAULT = 'Expected a kind of node, or a list of them, as the default export, but there is none.';

/** `null` when it takes too long: a plugin may wait for ever. */
async function inTime<T>(loading: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((pass) => {
    timer = setTimeout(() => pass(null), ms);
  });
  try {
    return await Promise.race([loading, late]);
  } finally {
    clearTimeout(timer);
    loading.catch(() => {});
  }
}
