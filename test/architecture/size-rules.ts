import { posix } from 'node:path';
import type { Exceptions, Rule } from './rule.js';

const MAX_LINES = 250;
const MAX_ENTRIES = 12;

/** Files that may be longer, each with its reason. */
const LONG_FILES: Exceptions = {
  'web/src/api/wire.ts': 'written from the schemas of the API, and read by nobody from top to bottom',
  'src/cli/api/wire.ts': 'the same for the command line',
};

/** Folders that may hold more, each with its reason. */
const FULL_FOLDERS: Exceptions = {
  src: 'one folder for each part of the table in docs/architecture.md, and the two files that join them',
};

const BANNED_FILE =
  /(?:^|[-./])(?:managers?|helpers?|utils?|commons?|base|data|info|impl|processors?|services?)\.(?:ts|tsx|mjs)$/;

export const sizeRules: readonly Rule[] = [
  {
    name: `no file has more than ${MAX_LINES} lines`,
    why: 'Every project has one file where responsibilities run together. This is where it is stopped.',
    find: (files) =>
      files
        .filter(({ path }) => !path.startsWith('migrations/') && !(path in LONG_FILES))
        .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
        .filter(({ lines }) => lines > MAX_LINES)
        .map(({ path, lines }) => `${path} has ${lines} lines`),
    seeds: [{ 'scripts/long.mjs': 'x();\n'.repeat(MAX_LINES + 1) }],
  },
  {
    name: `no folder of src/ or web/src/ has more than ${MAX_ENTRIES} entries`,
    why: 'A folder that cannot be taken in at a glance has a second subject in it.',
    find: (files) => {
      const folders = new Map<string, Set<string>>();
      for (const { path } of files.filter((file) => /^(web\/)?src\//.test(file.path))) {
        for (let entry = path; !/^(web\/)?src$/.test(entry); entry = posix.dirname(entry)) {
          const folder = posix.dirname(entry);
          folders.set(folder, (folders.get(folder) ?? new Set()).add(entry));
        }
      }
      return [...folders]
        .filter(([folder, entries]) => entries.size > MAX_ENTRIES && !(folder in FULL_FOLDERS))
        .map(([folder, entries]) => `${folder}/ has ${entries.size} entries`);
    },
    seeds: ['src/engine', 'web/src/parts'].map((folder) =>
      Object.fromEntries(Array.from({ length: MAX_ENTRIES + 1 }, (_, i) => [`${folder}/verb-${i}.ts`, ''])),
    ),
  },
  {
    name: 'no barrels',
    why: 'An index.ts that re-exports turns every import into a possible cycle and hides where a thing lives.',
    find: (files) =>
      files
        .filter(({ path }) => /^(src|web\/src|test)\//.test(path))
        .filter(({ path, code }) => /\/index\.tsx?$/.test(path) || /\bexport\s+\*/.test(code))
        .map(({ path }) => `${path} re-exports`),
    seeds: [{ 'src/core/index.ts': "export { a } from './a.js';" }, { 'src/core/all.ts': "export * from './a.js';" }],
  },
  {
    name: 'file names say what is in them',
    why: 'A file called utils, helpers or something.service grows until nobody knows what is in it.',
    find: (files) =>
      files
        .filter(({ path }) => /^(src|web\/src|test|scripts)\//.test(path) && BANNED_FILE.test(posix.basename(path)))
        .map(({ path }) => `${path} has a banned name`),
    seeds: [
      { 'src/engine/engine.service.ts': '' },
      { 'web/src/model/utils.ts': '' },
      { 'test/support/helpers.ts': '' },
    ],
  },
];
