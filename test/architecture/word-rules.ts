import { forbids, type Rule } from './rule.js';

const PURE = /^src\/(core|engine|language)\//;
const SHIPPED = /^(src|migrations|web\/src)\//;
const BANNED = 'Manager|Helper|Util|Utils|Common|Base|Data|Info|Impl|Processor|Service';

export const wordRules: readonly Rule[] = [
  forbids({
    name: 'no forwardRef',
    why: 'It hides a cycle from Nest and from the reader.',
    where: /^(src|test)\/(?!architecture\/)/,
    pattern: /\bforwardRef\b/,
    seeds: [{ 'src/console/a.ts': 'forwardRef(() => B);' }],
  }),
  forbids({
    name: 'the environment is read in config only',
    why: 'All settings are checked together at start, and can be listed. A door may hand its environment over.',
    where: /^(src|migrations)\/(?!config\/)/,
    pattern: /\bprocess\s*\.\s*env\b|\bprocess\s*\[/,
    exceptions: {
      'src/main.ts': 'hands the environment to config/',
      'src/cli/main.ts': 'hands the environment to config/',
    },
    seeds: [{ 'src/broker/a.ts': 'const url = process.env.URL;' }, { 'src/worker/a.ts': "process['env'];" }],
  }),
  forbids({
    name: 'no clock, no timer, no dice in the decisions',
    why: 'Time and chance are arguments or ports, so that a test can travel in time and replay what happened.',
    where: PURE,
    pattern:
      /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.|\bMath\.random\b|\b(?:setTimeout|setInterval|setImmediate)\b|\bcrypto\b|\bprocess\./,
    seeds: [
      { 'src/core/flow/a.ts': 'const at = Date.now();' },
      { 'src/engine/a.ts': 'setTimeout(run, 5);' },
      { 'src/language/a.ts': 'const id = crypto.randomUUID();' },
      { 'src/core/routing/a.ts': 'const jitter = Math.random();' },
      { 'src/engine/b.ts': 'const now = new Date();' },
    ],
  }),
  forbids({
    name: 'no text becomes code',
    why: 'Definitions come from people. Expressions have a grammar of their own that can reach nothing.',
    where: /^(src|web\/src|scripts|bin|migrations)\//,
    pattern: /\btoJSFunction\b|\bnew\s+Function\b|\beval\s*\(/,
    seeds: [
      { 'src/language/a.ts': 'parser.parse(text).toJSFunction();' },
      { 'src/worker/a.ts': "new Function('a', text);" },
      { 'web/src/a.ts': 'eval(text);' },
    ],
  }),
  forbids({
    name: 'no text becomes markup',
    why: 'Titles and values of flows are shown to operators; React escapes them, and nothing else may draw.',
    where: /^web\/src\//,
    pattern: /\binnerHTML\b|\bouterHTML\b|\binsertAdjacentHTML\b|\bdangerouslySetInnerHTML\b|\bdocument\.write\b/,
    exceptions: { 'web/src/parts/diagram.tsx': "inserts the picture that Mermaid made with securityLevel 'strict'" },
    seeds: [
      { 'web/src/parts/a.tsx': 'element.innerHTML = title;' },
      { 'web/src/parts/b.tsx': '<p dangerouslySetInnerHTML={{ __html: title }} />' },
    ],
  }),
  forbids({
    name: 'names say what a thing does',
    why: 'A Manager, Helper or Service can do anything, and after a year it does.',
    where: SHIPPED,
    pattern: new RegExp(`\\b(?:class|interface|type|function|enum)\\s+(?:\\w*[a-z])?(?:${BANNED})\\b`),
    seeds: [
      { 'src/engine/a.ts': 'export class FlowManager {}' },
      { 'src/storage/a.ts': 'interface InstanceData {}' },
      { 'web/src/a.ts': 'type RowInfo = string;' },
    ],
  }),
  forbids({
    name: 'no test is left out',
    why: 'A test that is skipped, or that skips the others, passes for ever. What needs servers says so by its suffix.',
    where: /^test\//,
    pattern: /\b(?:it|test|describe)\s*\.\s*(?:skip|only|todo|fails)\b/,
    seeds: [{ 'test/a.spec.ts': "it.skip('works', () => {});" }, { 'test/b.spec.ts': "describe.only('a', f);" }],
  }),
  {
    name: 'a script says how it is used',
    why: 'A script is met by its file; the first line is its manual.',
    find: (files) =>
      files
        .filter(({ path, text }) => /^scripts\/[^/]+\.mjs$/.test(path) && !/^\/\/ Usage: \S/.test(text))
        .map(({ path }) => `${path} has no usage line`),
    seeds: [{ 'scripts/a.mjs': 'run();' }],
  },
];
