import { resolve } from 'node:path';
import { loadPlugins } from '../worker/plugins/load-plugins.js';
import type { NodeTypes } from '../worker/plugins/node-types.js';

export type { NodeTypes };

/** Where plugins are looked for when nobody says. */
const USUAL_FOLDER = 'plugins';

export interface NodeTypesOrder {
  /** As SLUICE_PLUGINS says; `null`: `plugins`, if there is one. */
  readonly folder: string | null;
  readonly cwd?: string;
  /** Kinds of the application itself. */
  readonly types?: readonly unknown[] | undefined;
}

/** The kinds of node that this process has. Never rejects. */
export const loadNodeTypes = ({ folder, cwd = '.', types = [] }: NodeTypesOrder): Promise<NodeTypes> =>
  loadPlugins({ folder: resolve(cwd, folder ?? USUAL_FOLDER), isWanted: folder !== null, types });
