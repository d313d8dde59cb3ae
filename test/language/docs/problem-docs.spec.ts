import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { PROBLEM_CODES } from '../../../src/language/report/problem-codes.js';
import { readRouting } from '../../../src/language/routing/read-routing.js';
import { loadPlugins } from '../../../src/worker/plugins/load-plugins.js';

const DOCS = readFileSync(new URL('../../../docs/problems.md', import.meta.url), 'utf8');

const plugins = fileURLToPath(new URL('../../../docs/examples/plugins', import.meta.url));
const { kinds } = await loadPlugins({ folder: plugins, isWanted: true });

/** What the page says its examples leave out. */
const REST = new Map([
  ['flow', 'flow: example'],
  ['nodes', 'nodes:\n  begin: { start: true }\n  work:  { task: demo.work }\n  done:  { end: success }'],
  ['edges', 'edges:\n  - begin -> work -> done'],
]);

const sections = [...DOCS.matchAll(/^### (\w+)\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)].map(([, code = '', body = '']) => {
  const example = (label: string): string | undefined =>
    new RegExp(`^${label}:\\n\\n\`\`\`yaml\\n([\\s\\S]*?)\\n\`\`\``, 'm').exec(body)?.[1];
  return { code, body, bad: example('Bad'), good: example('Good') };
});

/** An example is of a flow, or of a file of routing rules. */
function read(example: string): { problems: ReturnType<typeof readDefinition>['problems']; isRead: boolean } {
  if (/^(?:lanes|rules|overrides):/m.test(example)) {
    const { problems, routing } = readRouting(`${example}\n`, 'example.routing.yaml');
    return { problems, isRead: routing !== null };
  }
  const { problems, definition } = readDefinition(complete(example), 'example.flow.yaml', undefined, kinds);
  return { problems, isRead: definition !== null };
}

function complete(example: string): string {
  if (!/^\w+:/m.test(example)) return example;
  const missing = [...REST].filter(([key]) => !new RegExp(`^${key}:`, 'm').test(example));
  return `${example}\n${missing.map(([, text]) => text).join('\n')}\n`;
}

/** Only what can be written down in a page: size and bytes have their own tests. */
const WITHOUT_EXAMPLE = [
  'FILE_TOO_LARGE',
  'NOT_UTF8',
  'CONTROL_CHARACTER',
  'TOO_MANY_NODES',
  'TOO_MANY_EDGES',
  'RULES_TOO_LARGE',
  'TOO_MANY_LANES',
];

describe('docs/problems.md', () => {
  it('has every code of the table once, in its order, with its severity', () => {
    expect(sections.map(({ code }) => code)).toEqual(Object.keys(PROBLEM_CODES));
    for (const { code, body } of sections) {
      const severity = PROBLEM_CODES[code as keyof typeof PROBLEM_CODES];
      expect(body.trimStart().toLowerCase(), code).toMatch(new RegExp(`^${severity}: `));
    }
  });

  it('shows an example wherever one can be shown', () => {
    const without = sections.filter(({ bad, good }) => bad === undefined || good === undefined);
    expect(without.map(({ code }) => code)).toEqual(WITHOUT_EXAMPLE);
  });

  it.each(sections.filter(({ bad }) => bad !== undefined))(
    '$code: the bad example has this problem and no other',
    (section) => {
      const { problems, isRead } = read(section.bad as string);
      expect([...new Set(problems.map(({ code }) => code))]).toEqual([section.code]);
      expect(!isRead).toBe(problems.some(({ severity }) => severity === 'error'));
      for (const { message } of problems)
        expect(message).toMatch(/^Expected [\s\S]+, but [\s\S]+\.(?: \(At [^)]+\))?$/);
    },
  );

  it.each(sections.filter(({ good }) => good !== undefined))('$code: the good example has no problem', ({ good }) => {
    expect(read(good as string)).toEqual({ problems: [], isRead: true });
  });
});
