import type { Expression } from '../../../../src/core/expression.js';
import { end, exclusive, is, join, literal, parallel, path, timer } from '../../../support/build-definition.js';
import { after, onMessage } from '../../../support/definition/border-events.js';
import { type BorderBlock, borderOf, type ControlBlock, type ScopeBlock } from '../block.js';
import { nodesIn } from '../nodes-in.js';
import { type Nodes, type Part, part, type Site } from '../part.js';

/** Adds what such a block becomes. */
export function addControl(at: ControlBlock, site: Site): Part {
  const { nodes, line, add } = site;
  const [open, close] = [`${at.id}_split`, `${at.id}_join`];
  switch (at.kind) {
    case 'copies': {
      nodes[open] = exclusive();
      nodes[close] = arrivals(at.count);
      const inner = add(at.body);
      line(open, inner.entry, undefined, { times: at.count });
      line(inner.exit, close, inner.by);
      return part(open, close);
    }
    case 'while': {
      nodes[open] = parallel();
      nodes[close] = join('all');
      const [before, host, lead, guest] = [add(at.first), add(at.host), add(at.lead), add(at.guest)];
      const plain = nodes[at.guest.id];
      if (plain) nodes[at.guest.id] = (id) => ({ ...plain(id), while: at.host.id });
      line(open, before.entry, undefined);
      line(before.exit, host.entry, before.by);
      line(open, lead.entry, undefined);
      line(lead.exit, guest.entry, lead.by);
      line(host.exit, close, host.by);
      line(guest.exit, close, guest.by);
      return part(open, close);
    }
    case 'scope':
      return addScope(at, site);
    case 'border':
      return addBorder(at, site);
    case 'compensate': {
      const { what } = at;
      nodes[at.id] = (id) => ({ ...timer({ ms: 0 })(id), kind: 'compensate', what });
      return part(at.id);
    }
  }
}

/** The task, with a way to undo it: by the same partner, who is told what to undo. */
export const undoable =
  (plain: Nodes[string], more: Readonly<Record<string, Expression>>): Nodes[string] =>
  (id) => {
    const node = plain(id);
    if (node.kind !== 'task') return node;
    return {
      ...node,
      undo: { handler: node.handler, in: new Map(Object.entries({ undo: path('result.value'), ...more })) },
    };
  };

function addBorder(at: BorderBlock, { nodes, line, add }: Site): Part {
  const merge = `${at.id}_merge`;
  nodes[merge] = exclusive();
  const [host, inner] = [add(at.host), add(at.body)];
  const match = new Map([
    ['receipt', path('input.receipt')],
    ['node', literal(borderOf(at.host.id))],
  ]);
  const { ms, interrupts } = at;
  line(host.exit, merge, host.by);
  line(host.entry, inner.entry, ms === null ? onMessage('letter', { match, interrupts }) : after(ms, interrupts));
  const leads = interrupts ? merge : `${at.id}_aside`;
  if (!interrupts) nodes[leads] = end('done');
  line(inner.exit, leads, inner.by);
  return part(host.entry, merge);
}

function addScope(at: ScopeBlock, { nodes, line, add, refused }: Site): Part {
  const name = (what: string): string => `${at.id}_${what}`;
  const beside = at.how === 'error' ? name('try') : name('go');
  nodes[name('split')] = parallel();
  nodes[name('join')] = join('all');
  nodes[name('merge')] = exclusive();
  if (at.how === 'error') refused(beside);
  else nodes[beside] = timer({ ms: at.ms });
  const [body, rescue] = [add(at.body), add(at.rescue)];
  for (const id of [beside, ...nodesIn(at.body)]) {
    const plain = nodes[id];
    if (plain) nodes[id] = (own) => inScope(plain(own), at.id);
  }
  line(name('split'), beside, undefined);
  line(name('split'), body.entry, undefined);
  line(body.exit, name('join'), body.by);
  if (at.how === 'error') {
    line(beside, name('join'), undefined);
    line(beside, rescue.entry, 'on error REFUSED*');
  } else {
    line(beside, rescue.entry, is(`input.${at.id}`, 'cancels'), { cancels: [at.id] });
    line(beside, name('join'), 'else');
  }
  line(name('join'), name('merge'), undefined);
  line(rescue.exit, name('merge'), rescue.by);
  return part(name('split'), name('merge'));
}

/** A node may be in several scopes, one in the other. */
function inScope<N extends { readonly kind: string; readonly scopes?: readonly string[] }>(node: N, scope: string): N {
  return node.kind === 'guard' ? node : { ...node, scopes: [...(node.scopes ?? []), scope] };
}

/** A join of so many arrivals, whichever edges they came along. */
const arrivals = (count: number) => (id: string) => ({
  ...join('each')(id),
  join: { type: 'arrivals' as const, count },
});
