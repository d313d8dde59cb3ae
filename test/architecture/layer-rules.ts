import type { Exceptions, Rule } from './rule.js';
import type { Import, SourceFile } from './source-file.js';

/** What is not one of these is an adapter: a new folder is bound from its first file. */
const INNER = ['core', 'engine', 'language', 'config', 'root', 'library', 'programs', 'outside'];

/** Adapters that lie within another part, bound as if they lay beside it. */
const WITHIN = /^src\/(?:worker\/(plugins)|programs\/(demo|process))\//;

/** The part of `src/` that a path belongs to: `core`, `engine`, …; a file directly in `src/` is `root`. */
function part(path: string): string {
  const [, plugins, program] = WITHIN.exec(path) ?? [];
  return plugins ?? program ?? /^src\/([^/]+)\//.exec(path)?.[1] ?? (path.startsWith('src/') ? 'root' : 'outside');
}

/** Files that may name several adapters, each with its reason. */
const JOINERS: Exceptions = {
  'src/app.module.ts': 'says which adapter stands behind which port',
  'src/programs/serve.ts': 'starts what app.module.ts has joined, and stops it in order',
  'src/library/sluice.module.ts': 'is app.module.ts for the application of somebody else',
  'src/library/library.ts': 'names what applications may import, wherever it lies',
  'src/main.ts': 'makes the log and the access, which must be there before anything can fail',
  'src/programs/in-memory/run-in-memory.ts':
    'the same engine with nothing but memory and a clock of its own, for one flow',
  'src/programs/in-memory/flow-test.ts': 'the kit for tests of flows, on run-in-memory.ts',
  'src/programs/conform-worker.ts':
    'tries a remote worker: the wire is of the broker, the questions are of the command line',
  'src/programs/develop.ts': 'watches a folder of definitions while it serves',
  'src/programs/load-node-types.ts': 'reads plugins for the server and for the command line',
  'src/programs/start-engine.ts': 'starts the parts in order, for serve.ts and for sluice.module.ts',
  'src/programs/follow-folder.ts': 'brings what lies in the folder of definitions into force',
  'src/programs/migrate-schema.ts': 'opens the storage alone, without the rest of the application',
};

const isAdapter = (path: string): boolean => !INNER.includes(part(path));

function imports(options: {
  name: string;
  why: string;
  from: (file: SourceFile) => boolean;
  allow: (found: Import, file: SourceFile) => boolean;
  seeds: Rule['seeds'];
}): Rule {
  const { name, why, from, allow, seeds } = options;
  return {
    name,
    why,
    seeds,
    find: (files) =>
      files
        .filter(from)
        .flatMap((file) =>
          file.imports
            .filter((found) => !allow(found, file))
            .map((found) => `${file.path} imports '${found.specifier}'`),
        ),
  };
}

/** An import from one of these parts of `src/`. */
const of = (found: Import, ...parts: string[]): boolean => found.path !== null && parts.includes(part(found.path));

const isNestModule = (path: string): boolean => path.endsWith('.module.ts');

const LANGUAGE_PACKAGES = new Set(['zod', 'yaml', 'expr-eval', 'ajv', 'ajv-formats', 'croner']);

export const layerRules: readonly Rule[] = [
  imports({
    name: 'core imports core only',
    why: 'core/ holds the decisions. Without packages, files and Node it can be read, tested and trusted on its own.',
    from: (file) => part(file.path) === 'core',
    allow: (found) => of(found, 'core'),
    seeds: [
      { 'src/core/flow/a.ts': "import { Injectable } from '@nestjs/common';" },
      { 'src/core/flow/a.ts': "import { createHash } from 'node:crypto';" },
      { 'src/core/flow/a.ts': "import type { Store } from '../../engine/ports/store.js';" },
    ],
  }),
  imports({
    name: 'language imports core and its six packages',
    why: 'A definition is read the same way on the command line, in the server and in a browser: no Node, no engine.',
    from: (file) => part(file.path) === 'language',
    allow: (found) => of(found, 'language', 'core') || LANGUAGE_PACKAGES.has(found.package ?? ''),
    seeds: [
      { 'src/language/a.ts': "import { readFileSync } from 'node:fs';" },
      { 'src/language/a.ts': "import { Start } from '../engine/start.js';" },
    ],
  }),
  imports({
    name: 'engine imports core and engine, and Nest only to wire',
    why: 'A use case talks to the world through engine/ports. Adapters implement them; only *.module.ts knows Nest.',
    from: (file) => part(file.path) === 'engine',
    allow: (found, file) =>
      of(found, 'engine', 'core') || (isNestModule(file.path) && found.package === '@nestjs/common'),
    seeds: [
      { 'src/engine/start.ts': "import { Injectable } from '@nestjs/common';" },
      { 'src/engine/start.ts': "import { InstanceRow } from '../storage/rows/instance.row.js';" },
      { 'src/engine/engine.module.ts': "import { StorageModule } from '../storage/storage.module.js';" },
    ],
  }),
  imports({
    name: 'an adapter never meets another adapter',
    why: 'Adapters know the ports and not each other, so that each can be replaced. They meet in app.module.ts.',
    from: (file) => isAdapter(file.path),
    allow: (found, file) =>
      found.path === null ||
      of(found, 'outside') ||
      of(found, part(file.path), 'engine', 'language', 'core', 'config') ||
      // The demo is a user of the library: it writes handlers with what the worker gives to users.
      (part(file.path) === 'demo' && of(found, 'worker')) ||
      // The command line is a door like main.ts: it may start the application, never reach into it.
      (part(file.path) === 'cli' && (found.path ?? '') in JOINERS),
    seeds: [
      { 'src/console/a.ts': "import { MysqlStore } from '../storage/mysql-store.js';" },
      { 'src/worker/a.ts': "const late = await import('../broker/topology.js');" },
      { 'src/brandnew/a.ts': "import { Task } from '../worker/task.decorator.js';" },
      { 'src/worker/plugins/a.ts': "import { Task } from '../task.decorator.js';" },
      { 'src/worker/a.ts': "import { NodeTypes } from './plugins/node-types.js';" },
      { 'src/programs/demo/a.ts': "import { Readiness } from '../../console/system/readiness.js';" },
      { 'src/programs/process/a.ts': "import { serve } from '../serve.js';" },
      { 'src/storage/a.ts': "import { AppModule } from '../app.module.js';" },
    ],
  }),
  imports({
    name: 'config knows no engine and no adapter',
    why: 'Settings are read once, before anything else is there.',
    from: (file) => part(file.path) === 'config',
    allow: (found) => found.path === null || of(found, 'config', 'language', 'core'),
    seeds: [{ 'src/config/config.ts': "import { lanes } from '../broker/topology.js';" }],
  }),
  imports({
    name: 'adapters meet in few files, which are listed',
    why: 'app.module.ts answers what runs here and which adapter stands behind a port; any other needs its reason.',
    from: (file) => ['root', 'library', 'programs'].includes(part(file.path)) && !(file.path in JOINERS),
    allow: (found) => found.path === null || !isAdapter(found.path),
    seeds: [
      { 'src/other.ts': "import { StorageModule } from './storage/storage.module.js';" },
      { 'src/programs/other.ts': "import { StorageModule } from '../storage/storage.module.js';" },
      { 'src/library/other.ts': "import { StorageModule } from '../storage/storage.module.js';" },
    ],
  }),
  imports({
    name: 'the database driver stays in storage and migrations',
    why: 'Rows, queries and TypeORM are one adapter; whoever else wants data asks a port.',
    from: (file) => file.path.startsWith('src/') && part(file.path) !== 'storage',
    allow: (found) => !['typeorm', 'mysql2', 'libsql', 'better-sqlite3'].includes(found.package ?? ''),
    seeds: [
      { 'src/console/a.ts': "import { DataSource } from 'typeorm';" },
      { 'src/engine/a.ts': "import mysql from 'mysql2/promise';" },
      { 'src/memory/a.ts': "import Database from 'libsql';" },
    ],
  }),
  imports({
    name: 'AMQP stays in broker',
    why: 'Exchanges, queues and headers are one value in one adapter; scattered declarations cannot be asserted at start.',
    from: (file) => file.path.startsWith('src/') && part(file.path) !== 'broker',
    allow: (found) => !['amqplib', 'amqp-connection-manager'].includes(found.package ?? ''),
    seeds: [{ 'src/worker/a.ts': "import { connect } from 'amqplib';" }],
  }),
  imports({
    name: 'the product never imports tests, scripts or web',
    why: 'What ships must work without what does not.',
    from: (file) => file.path.startsWith('src/') || file.path.startsWith('migrations/'),
    allow: (found) => found.path === null || /^(src|migrations)\//.test(found.path),
    seeds: [{ 'src/engine/a.ts': "import { flow } from '../../test/support/flows.js';" }],
  }),
  imports({
    name: 'web talks HTTP only',
    why: 'The console must work with a server of another version; a shared type would hide that the wire has changed.',
    from: (file) => file.path.startsWith('web/src/'),
    allow: (found) => found.path === null || found.path.startsWith('web/'),
    seeds: [{ 'web/src/pages/a.tsx': "import type { Instance } from '../../../src/core/flow/instance.js';" }],
  }),
];
