import { expressionFields } from '../../../language/structure/kinds/task/custom/kind-facts.js';
import { type Terminal, table, visible } from '../../terminal.js';
import { withPlugins } from './with-plugins.js';

export interface PluginsOptions {
  readonly json?: true;
}

/** Lists the kinds of node that plugins bring, and the plugins that were refused. 0: none was refused; 1: some were. */
export async function listPlugins({ json }: PluginsOptions, around: Terminal): Promise<number> {
  const terminal = await withPlugins(around);
  const { loaded = [], refused = [] } = terminal.plugins ?? {};
  if (json) {
    const kinds = loaded.map(({ kind, place }) => {
      const { name, version, docs, schema, shape, traits, undoes } = kind;
      return { name, version, docs, place, shape, undoes, traits, expressions: expressionFields(kind), schema };
    });
    terminal.out(JSON.stringify({ kinds, refused }, null, 2));
    return refused.length > 0 ? 1 : 0;
  }
  const rows = loaded.map(({ kind, place }) => [kind.name, kind.version, place, visible(kind.docs ?? '')]);
  if (rows.length > 0) terminal.out(table([['kind', 'version', 'plugin', ''], ...rows]));
  for (const { place, reason } of refused) terminal.err(`${visible(place)} was refused. ${visible(reason)}`);
  if (rows.length + refused.length === 0) terminal.out('There are no plugins.');
  return refused.length > 0 ? 1 : 0;
}
