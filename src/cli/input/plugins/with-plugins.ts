import { loadNodeTypes } from '../../../programs/load-node-types.js';
import type { Terminal } from '../../terminal.js';

/** The same terminal, with the kinds of node that plugins bring where it stands. */
export async function withPlugins(terminal: Terminal): Promise<Terminal> {
  const folder = terminal.env['SLUICE_PLUGINS']?.trim() || null;
  return { ...terminal, plugins: await loadNodeTypes({ folder, cwd: terminal.cwd }) };
}
