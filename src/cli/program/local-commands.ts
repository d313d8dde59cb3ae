import { Argument, type Command } from 'commander';
import type { DiffOptions } from '../commands/diff.js';
import type { RenderOptions } from '../commands/render.js';
import type { RunOptions } from '../commands/run.js';
import type { ValidateOptions } from '../commands/validate.js';
import type { PluginsOptions } from '../input/plugins/list-plugins.js';
import { withPlugins } from '../input/plugins/with-plugins.js';
import { Refused, type Terminal } from '../terminal.js';
import type { TestOptions } from '../testing/test.js';
import type { TypesOptions } from '../types/types.js';
import { anyOf } from './any-of.js';
import type { Finish } from './finish.js';

/** Commands that need a file and nothing else. */
export function addLocalCommands(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('validate')
    .description('Check definitions: all problems at once.')
    .argument('[paths...]', 'files, or folders of them', ['definitions'])
    .addOption(
      anyOf('--format <format>', 'how problems are written', ['pretty', 'plain', 'json', 'github']).default('pretty'),
    )
    .option('--max-warnings <count>', 'fail when there are more warnings than this')
    .action(async (paths: string[], options: { format: ValidateOptions['format']; maxWarnings?: string }) => {
      const { validate } = await import('../commands/validate.js');
      const maxWarnings = options.maxWarnings === undefined ? null : countOf(options.maxWarnings);
      finish(validate(paths, { format: options.format, maxWarnings }, await withPlugins(terminal)));
    });
  program
    .command('render')
    .description('Draw a definition.')
    .argument('<file>')
    .addOption(anyOf('--format <format>', 'what to write', ['mermaid', 'md', 'text', 'json']).default('mermaid'))
    .option('--write <markdown>', 'replace the marked block of this file')
    .option('--check', 'only say whether that block is up to date')
    .action(async (file: string, options: { format: RenderOptions['format']; write?: string; check?: true }) => {
      const { render } = await import('../commands/render.js');
      const { format, write = null, check = false } = options;
      finish(render(file, { format, write, check }, await withPlugins(terminal)));
    });
  program
    .command('run')
    .description('Run one definition to its end, without any server.')
    .argument('<file>')
    .option('-i, --input <json>', 'a JSON object, a file, or - for the standard input')
    .option('--mocks <json>', 'what each task answers: a JSON object, or a file')
    .option('--play <json>', 'what a play configures: a JSON object, or a file')
    .option('--virtual', 'waiting takes no time')
    .option('--json', 'write the whole instance')
    .action(async (file: string, options: RunOptions) => {
      const { run } = await import('../commands/run.js');
      finish(await run(file, options, await withPlugins(terminal)));
    });
  program
    .command('test')
    .description('Run the tests of flows, on virtual time and without any server.')
    .argument('[paths...]', 'files, or folders of *.flow.test.yaml', ['definitions'])
    .option('--only <text>', 'only cases whose name holds this text')
    .option('--coverage', 'draw how many cases took each edge')
    .option('--junit <file>', 'write the results as JUnit XML')
    .option('--watch', 'run again after every change')
    .action(async (paths: string[], { watch, ...options }: TestOptions & { watch?: true }) => {
      if (!watch) {
        const { test } = await import('../testing/test.js');
        return finish(await test(paths, options, await withPlugins(terminal)));
      }
      const { testAndWatch } = await import('../testing/watch.js');
      const stopping = new AbortController();
      process.once('SIGINT', () => stopping.abort());
      finish(await testAndWatch(paths, options, await withPlugins(terminal), stopping.signal));
    });
  program
    .command('diff')
    .description('Tell how two versions of a definition differ.')
    .argument('<before>')
    .argument('<after>')
    .addOption(anyOf('--format <format>', 'what to write', ['text', 'mermaid', 'yaml', 'json']).default('text'))
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { diff } = await import('../commands/diff.js');
      finish(diff(before, after, options, await withPlugins(terminal)));
    });
  program
    .command('problem')
    .description('Explain a problem that a definition can have.')
    .argument('<code>', 'for example UNKNOWN_NODE')
    .action(async (code: string) => {
      const { explainProblem } = await import('../commands/problem.js');
      finish(explainProblem(code, terminal));
    });
  program
    .command('types')
    .description('Write TypeScript types of flows and of what they ask of handlers.')
    .argument('[paths...]', 'files, or folders of *.flow.yaml', ['definitions'])
    .option('--out <file>', 'instead of the standard output')
    .option('--check', 'only say whether that file is up to date')
    .action(async (paths: string[], options: TypesOptions) => {
      const { types } = await import('../types/types.js');
      finish(types(paths, options, await withPlugins(terminal)));
    });
  program
    .command('schema')
    .description('Write the JSON Schema of *.flow.yaml, of their tests, or of *.triggers.yaml, for editors.')
    .addArgument(new Argument('[kind]', 'whose schema').choices(['flow', 'test', 'triggers']).default('flow'))
    .action(async (kind: string) => {
      const { definitionJsonSchema, flowTestJsonSchema, triggersJsonSchema } = await import(
        '../../language/json-schema.js'
      );
      const { plugins } = await withPlugins(terminal);
      const flowSchema = () => definitionJsonSchema(plugins?.kinds.kinds);
      const schemas = { flow: flowSchema, test: flowTestJsonSchema, triggers: triggersJsonSchema };
      terminal.out(JSON.stringify(schemas[kind as keyof typeof schemas](), null, 2));
      finish(0);
    });
  program
    .command('plugins')
    .description('List the kinds of node that plugins bring, and the plugins that are refused.')
    .option('--json', 'write the whole answer')
    .action(async (options: PluginsOptions) => {
      const { listPlugins } = await import('../input/plugins/list-plugins.js');
      finish(await listPlugins(options, terminal));
    });
}

function countOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Refused(`Expected --max-warnings to be a number, but it is '${text}'.`, 2);
}
