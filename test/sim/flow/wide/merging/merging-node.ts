import { expr, join, literal, parallel, set } from '../../../../support/build-definition.js';
import { type Part, part, type Site } from '../../part.js';
import type { WideBlock } from '../of-blocks.js';
import { type MergingDoes, mergedIn, written } from './merging.js';

/** Adds what branches become that write apart, and the join that merges. */
export function addMerging({ id, branches }: WideBlock, does: MergingDoes, { nodes, line, add }: Site): Part {
  const { rule, before, adds } = does;
  const [open, close, name] = [`${id}_split`, `${id}_join`, mergedIn(id)];
  const read = `vars.${name}`;
  nodes[open] = parallel();
  nodes[close] = (own) => ({ ...join('all')(own), merge: [{ name, rule: { type: rule }, into: name, branches: [] }] });
  for (const [i, branch] of branches.entries()) {
    let from = open;
    for (const [k, value] of (adds[i] ?? []).entries()) {
      const writer = `${id}_w${i}${k}`;
      nodes[writer] = set({ [name]: expr(`${read} + ${value}`, [read], (seen) => written(rule, seen, value)) });
      line(from, writer, undefined);
      from = writer;
    }
    const inner = add(branch);
    line(from, inner.entry, undefined);
    line(inner.exit, close, inner.by);
  }
  if (before === null) return part(open, close);
  const first = `${id}_before`;
  nodes[first] = set({ [name]: literal(rule === 'concat' || rule === 'union' ? [before] : before) });
  line(first, open, undefined);
  return part(first, close);
}
