// @vitest-environment jsdom
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import mermaid from 'mermaid';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/language/read-definition.js';
import { readRouting } from '../../src/language/routing/read-routing.js';
import { readTriggers } from '../../src/language/routing/triggers/read-triggers.js';
import { readFlowTest } from '../../src/language/testing/read-flow-test.js';
import { NodeTypes } from '../../src/worker/plugins/node-types.js';

// Not by a URL: in a browser's environment `URL` is the browser's.
const root = join(import.meta.dirname, '../..');
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'definitions')).flatMap((name) => (name.endsWith('.md') ? [`definitions/${name}`] : [])),
];
/** The kinds of node of the example, which pages name. */
const { default: warehouse } = await import(join(root, 'docs/examples/plugins/warehouse.plugin.mjs'));
const KINDS = NodeTypes.of([{ place: 'warehouse', types: Array.isArray(warehouse) ? warehouse : [warehouse] }]).kinds;
const text = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Pages whose flows are wrong on purpose, each with the test that reads them. */
const PAGES_OF_FAULTS: Readonly<Record<string, string>> = {
  'docs/problems.md': 'test/language/docs/problem-docs.spec.ts reads each bad and each good example',
};

interface Block {
  readonly place: string;
  readonly language: string;
  readonly content: string;
}

/** Fenced blocks, each with page and line; a fence may be indented inside a list. */
function blocksOf(page: string, content: string): Block[] {
  return [...content.matchAll(/^([ \t]*)```(\w+)[^\n]*\n([\s\S]*?)^[ \t]*```[ \t]*$/gm)].map((match) => ({
    place: `${page}:${content.slice(0, match.index).split('\n').length}`,
    language: match[2] ?? '',
    content: (match[3] ?? '').replaceAll(new RegExp(`^${match[1]}`, 'gm'), ''),
  }));
}

const blocks = pages.flatMap((page) => blocksOf(page, text(page)));
const flows = blocks.filter(
  ({ place, language, content }) =>
    /^ya?ml$/.test(language) &&
    /^flow:/m.test(content) &&
    /^nodes:/m.test(content) &&
    !(place.replace(/:\d+$/, '') in PAGES_OF_FAULTS),
);
/** Parts of files: of triggers, rules and tests whole ones, and nodes without their flow. */
const parts = blocks.filter(
  ({ place, language, content }) =>
    /^ya?ml$/.test(language) &&
    !(/^flow:/m.test(content) && /^nodes:/m.test(content)) &&
    !(place.replace(/:\d+$/, '') in PAGES_OF_FAULTS),
);
/** What parts lack that stands elsewhere on the page, by how they begin. */
const LACKING: Readonly<Record<string, readonly string[]>> = {
  'prize:': ['UNKNOWN_PART'],
  'meet:': ['JOIN_OF_ONE', 'MERGE_NOT_HERE'],
  'collect:': ['UNKNOWN_VARIABLE'],
};
const drawings = blocks.filter(({ language }) => language === 'mermaid');

function problemsOf(content: string, place: string): readonly { readonly code: string }[] {
  if (/^triggers:/m.test(content)) return readTriggers(content, place).problems;
  if (/^(rules|lanes|overrides):/m.test(content)) return readRouting(content, place).problems;
  if (/^cases:/m.test(content)) return readFlowTest(content, place).problems;
  const step = /^- name:/.test(content);
  const nodes = step
    ? `shown:\n  in: {}\n  sequence:\n${indented(indented(content))}`
    : content.replace(/^nodes:\n/, '');
  const text = nodes === content || step ? indented(nodes) : nodes;
  const ids = [...text.matchAll(/^ {2}(\w+):/gm)].map((match) => match[1]);
  const flow = `flow: shown\nnodes:\n  begin: { start: true }\n${text}  done: { end: done }\nedges: [begin -> ${ids.join(' -> ')} -> done]\n`;
  return readDefinition(flow, place, undefined, KINDS).problems;
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

describe('documentation', () => {
  it.each(parts.map((part) => [part.place, part] as const))('%s is a part without problems', (place, { content }) => {
    const lacking = LACKING[content.split(/[ \n]/)[0] ?? ''] ?? [];
    expect(problemsOf(content, place).filter(({ code }) => !lacking.includes(code))).toEqual([]);
  });

  it.each(flows.map((block) => [block.place, block] as const))(
    '%s is a flow without problems',
    (place, { content }) => {
      expect(readDefinition(content, place).problems).toEqual([]);
    },
  );

  it.each(drawings.map((block) => [block.place, block] as const))('%s can be drawn', async (_, { content }) => {
    await expect(mermaid.parse(content)).resolves.toBeTruthy();
  });

  it('would notice a drawing that cannot be drawn, and a flow that cannot be read', async () => {
    const [drawing, flow] = blocksOf(
      'page',
      '```mermaid\nflowchart TB\n  a -->\n```\n- x\n  ```yaml\n  flow: a\n  ```\n',
    );
    await expect(mermaid.parse(drawing?.content ?? '')).rejects.toThrow();
    expect(flow?.place).toBe('page:6');
    expect(problemsOf('collect: { tsk: bank.collect }\n', 'page')).not.toEqual([]);
    expect(problemsOf('- name: a\n  doo: b\n', 'page')).not.toEqual([]);
    expect(readDefinition(flow?.content ?? '', 'page').problems).not.toEqual([]);
  });

  it.each(pages)('%s links to what exists', (page) => {
    const links = [...text(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    const files = links.filter((link) => !/^[a-z]+:|^#/.test(link)).map((link) => link.replace(/#.*/, ''));
    expect(files.filter((file) => !existsSync(join(root, dirname(page), file)))).toEqual([]);
  });

  it('is listed, every page of it', () => {
    const index = text('docs/README.md');
    const listed = pages.filter((page) => /^docs\/[^/]+\.md$/.test(page) && page !== 'docs/README.md');
    expect(listed.filter((page) => !index.includes(`(${page.slice('docs/'.length)})`))).toEqual([]);
    const adrs = text('docs/adr/README.md');
    const decisions = pages.filter((page) => /^docs\/adr\/\d/.test(page));
    expect(decisions.filter((page) => !adrs.includes(`(${page.slice('docs/adr/'.length)})`))).toEqual([]);
  });
});
