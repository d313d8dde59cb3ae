import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isWritten } from '../../core/definition/control/guards.js';
import type { Definition, FlowNode } from '../../core/definition/definition.js';
import { diagramMap } from '../../core/diagram/diagram-map.js';
import { definitionDiagram, whenText } from '../../core/diagram/mermaid.js';
import { soundDefinition } from '../input/sound-definition.js';
import { Refused, type Terminal, visible } from '../terminal.js';

export interface RenderOptions {
  readonly format: 'mermaid' | 'md' | 'text' | 'json';
  /** A Markdown file whose marked block is replaced. */
  readonly write: string | null;
  /** Only say whether that block is up to date. */
  readonly check: boolean;
}

/** Draws a definition. */
export function render(file: string, options: RenderOptions, terminal: Terminal): number {
  if (options.check && options.write === null) {
    throw new Refused('Expected --check beside --write FILE, but there is no --write. Say which file to check.', 2);
  }
  const definition = soundDefinition(file, terminal);
  if (!definition) return 1;
  if (options.write !== null) return writeBlock(definition, file, options.write, options.check, terminal);
  terminal.out(drawn(definition, options.format));
  return 0;
}

function drawn(definition: Definition, format: RenderOptions['format']): string {
  const mermaid = definitionDiagram(definition).trimEnd();
  if (format === 'mermaid') return mermaid;
  if (format === 'md') return `\`\`\`mermaid\n${mermaid}\n\`\`\``;
  if (format === 'text') return outline(definition);
  const { flow, title, description } = definition;
  return JSON.stringify({ flow, title, description, mermaid, map: diagramMap(definition) }, null, 2);
}

/** Node by node, with where each line leads. */
function outline(definition: Definition): string {
  const head = definition.title ? `${definition.flow}: ${definition.title}` : definition.flow;
  const nodes = [...definition.nodes.values()].filter(isWritten).map((node) => {
    const lines = definition.lines.filter(({ from }) => from === node.id);
    const leads = lines.map((line) => {
      const when = line.label ?? whenText(line);
      return `    → ${line.to.join(' & ')}${when ? `   ${visible(when)}` : ''}`;
    });
    const join = node.join ? `, join ${'count' in node.join ? node.join.count : node.join.type}` : '';
    return [`  ${node.id} (${kindText(node)}${join})${node.title ? ` ${visible(node.title)}` : ''}`, ...leads].join(
      '\n',
    );
  });
  return [visible(head), ...nodes].join('\n');
}

const kindText = (node: FlowNode): string => {
  if (node.kind === 'task') return `task ${node.handler}`;
  if (node.kind === 'gateway') return `${node.mode} gateway`;
  return node.kind === 'end' ? `end ${node.outcome}` : node.kind;
};

/** The block is everything between `<!-- sluice FLOW -->` and the next `<!-- /sluice -->`. */
function writeBlock(
  definition: Definition,
  file: string,
  write: string,
  check: boolean,
  { cwd, err }: Terminal,
): number {
  const place = resolve(cwd, write);
  const [open, close] = [`<!-- sluice ${definition.flow} -->`, '<!-- /sluice -->'];
  let page: string;
  try {
    page = readFileSync(place, 'utf8');
  } catch {
    throw new Refused(`Expected a Markdown file at ${write}, but it cannot be read.`, 2);
  }
  const from = page.indexOf(open);
  const to = page.indexOf(close, from);
  if (from < 0 || to < 0) {
    throw new Refused(
      `Expected a block in ${write}, but there is none. Put these lines where it belongs:\n${open}\n${close}`,
    );
  }
  const fresh = `${page.slice(0, from + open.length)}\n${drawn(definition, 'md')}\n${page.slice(to)}`;
  if (fresh === page) return 0;
  if (check) {
    err(`Expected ${write} to show ${file} as it is, but it is out of date. Run the command without --check.`);
    return 1;
  }
  writeFileSync(place, fresh);
  return 0;
}
