import { type Comparison, compare, isSame } from '../../core/definition/compare/compare.js';
import { compareLines } from '../../core/definition/compare/compare-lines.js';
import type { Definition } from '../../core/definition/definition.js';
import { comparisonDiagram } from '../../core/diagram/comparison-diagram.js';
import { whenText } from '../../core/diagram/mermaid.js';
import { flowFiles } from '../input/flow-files.js';
import { soundDefinition } from '../input/sound-definition.js';
import { painter, Refused, type Terminal, visible } from '../terminal.js';

export interface DiffOptions {
  readonly format: 'text' | 'mermaid' | 'yaml' | 'json';
}

/** How two versions of a flow differ. 0: instances cannot tell them apart; 1: they can. */
export function diff(before: string, after: string, { format }: DiffOptions, terminal: Terminal): number {
  const [old, fresh] = [sound(before, terminal), sound(after, terminal)];
  const compared = compare(old, fresh, whenText);
  const lines = () => compareLines(textOf(before, terminal), textOf(after, terminal));
  if (format === 'mermaid') terminal.out(comparisonDiagram(old, fresh).trimEnd());
  else if (format === 'json')
    terminal.out(JSON.stringify({ same: isSame(compared), ...compared, yaml: lines() }, null, 2));
  else if (format === 'yaml')
    terminal.out(
      lines()
        .map(({ mark, text }) => painted(mark, `${mark}${visible(text)}`, terminal))
        .join('\n'),
    );
  else terminal.out(told(compared, terminal));
  return isSame(compared) ? 0 : 1;
}

function sound(path: string, terminal: Terminal): Definition {
  const definition = soundDefinition(path, terminal);
  if (!definition) throw new Refused(`Expected ${path} to have no errors, but it has some. Mend it first.`);
  return definition;
}

const textOf = (path: string, { cwd }: Terminal): string =>
  new TextDecoder().decode(flowFiles([path], cwd)[0]?.bytes ?? new Uint8Array());

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function told({ head, nodes, edges, reordered }: Comparison, terminal: Terminal): string {
  const lines = [
    ...head.map((key) => ['~', key] as const),
    ...nodes.map(
      ({ id, change, keys }) => [SIGNS[change], `${id}${keys.length > 0 ? `: ${keys.join(', ')}` : ''}`] as const,
    ),
    ...edges.map((edge) => [SIGNS[edge.change], `${edge.from} -> ${edge.to}${conditions(edge)}`] as const),
    ...reordered.map((id) => ['~', `${id}: its lines are tried in another order`] as const),
  ];
  if (lines.length === 0) return 'Both mean the same.';
  return lines.map(([sign, text]) => painted(sign, `${sign} ${visible(text)}`, terminal)).join('\n');
}

function conditions({ before, after }: Comparison['edges'][number]): string {
  const shown = (text: string | null): string => text || 'always';
  if (before !== null && after !== null) return `: ${shown(before)}  =>  ${shown(after)}`;
  const only = before ?? after ?? '';
  return only === '' ? '' : `: ${only}`;
}

function painted(sign: string, text: string, terminal: Terminal): string {
  const colours = { '+': 'green', '-': 'red', '~': 'yellow' } as const;
  const colour = colours[sign as '+'];
  return colour ? painter(terminal)(colour, text) : text;
}
