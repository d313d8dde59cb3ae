import type { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import type { FunnelOptions } from '../versions/funnel.js';
import type { MigrateOptions } from '../versions/migrate.js';
import type { Finish } from './finish.js';

/** Commands for the definitions of a running server. */
export function addDefinitionCommands(program: Command, terminal: Terminal, finish: Finish): void {
  const definitions = program.command('definitions').description('The definitions of a running server.');
  definitions
    .command('publish')
    .description('Publish a definition under the next version of its flow.')
    .argument('<file>')
    .option('--flow-version <number>', 'instead of the next one')
    .action(async (file: string, options: { flowVersion?: string }) => {
      const { publish } = await import('../commands/operate.js');
      finish(await publish(file, options, terminal));
    });
  definitions
    .command('versions')
    .description('List the versions of a flow, and which one starts get.')
    .argument('<flow>')
    .option('--json', 'write the whole answer')
    .action(async (flow: string, options: { json?: boolean }) => {
      const { versions } = await import('../versions/activate.js');
      finish(await versions(flow, options, terminal));
    });
  definitions
    .command('funnel')
    .description('Say how far the newest instances of a flow came, node by node.')
    .argument('<flow>')
    .option('--flow-version <number>', 'instead of the one that starts get')
    .option('--last <count>', 'how many are looked at, 1 to 200')
    .option('--json', 'write the whole answer')
    .action(async (flow: string, options: FunnelOptions) => {
      const { funnel } = await import('../versions/funnel.js');
      finish(await funnel(flow, options, terminal));
    });
  definitions
    .command('activate')
    .description('Let starts get a version, until a new one is published.')
    .argument('<flow>')
    .argument('<version>')
    .action(async (flow: string, version: string) => {
      const { activate } = await import('../versions/activate.js');
      finish(await activate(flow, version, terminal));
    });
  definitions
    .command('migrate')
    .description('Say which living instances could go on in another version, or let them.')
    .argument('<flow>')
    .requiredOption('--to <version>', 'the version to go on in')
    .option('--from <version>', 'only instances of this one')
    .option('--instance <ids...>', 'these alone')
    .option('--apply', 'move them')
    .option('--json', 'write the whole answer')
    .action(async (flow: string, options: MigrateOptions) => {
      const { migrate } = await import('../versions/migrate.js');
      finish(await migrate(flow, options, terminal));
    });
}
