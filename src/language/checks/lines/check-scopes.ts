import { cancelledBy, scopesOf } from '../../../core/definition/control/scopes.js';
import { didYouMean } from '../../report/nearest.js';
import type { Report } from '../../report/report.js';
import type { Draft } from '../../structure/draft.js';

/** What an edge cancels is there, and what is there can be cancelled. */
export function checkScopes(draft: Draft, report: Report): void {
  const scopes = scopesOf([...draft.nodes.values()].map(({ node }) => node));
  const isComplete = draft.nodes.size === draft.ids.size && draft.hasAllEdges;
  if (!isComplete) return;
  const ended = new Set<string>();
  for (const line of draft.lines) {
    for (const name of line.cancels?.names ?? []) {
      if (scopes.has(name)) continue;
      const message = `Expected a scope that some node is in, but none is in \`${name}\`.`;
      const hint = didYouMean(name, [...scopes.keys()]) ?? `Write \`scope: ${name}\` on its nodes.`;
      report.add('UNKNOWN_SCOPE', line.cancels?.at ?? line.whenAt, message, hint);
    }
    for (const name of cancelledBy(plainLine(line), scopes)) ended.add(name);
  }
  for (const [name, nodes] of scopes) {
    const [first = ''] = nodes;
    const at = draft.nodes.get(first)?.at;
    if (ended.has(name) || !at) continue;
    const message = `Expected an edge that cancels the scope \`${name}\`, but there is none.`;
    const hint =
      'An edge for a failure, a timeout or a message does that where it leaves the scope; any other says `cancels`.';
    report.add('SCOPE_WITHOUT_END', at, message, hint);
  }
}

const plainLine = ({ when, from, to, cancels }: Draft['lines'][number]) => ({
  when,
  from: from.id,
  to: to.map(({ id }) => id),
  ...(cancels && { cancels: cancels.names }),
});
