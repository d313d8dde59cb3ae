import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { parseConfig } from '../../config/parse-config.js';
import type { TokenOptions } from '../people/token.js';
import { Refused, type Terminal } from '../terminal.js';
import type { Finish } from './finish.js';

/** Commands that are a server, or work on its database. They read the server's settings. */
export function addServerCommands(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('dev')
    .description('Serve, and publish definitions as their files change.')
    .action(async () => {
      const { develop } = await import('../../programs/develop.js');
      await develop(configOf(terminal), terminal).catch(refused);
    });
  program
    .command('migrate')
    .description('Bring the schema of SLUICE_DATABASE_URL (or the embedded file) up to date.')
    .action(async () => {
      const { migrateSchema } = await import('../../programs/migrate-schema.js');
      const names = await migrateSchema(configOf(terminal)).catch(refused);
      for (const name of names) terminal.out(name);
      terminal.err(names.length === 0 ? 'The schema was up to date.' : 'The schema is up to date.');
      finish(0);
    });
  program
    .command('token')
    .description('Make a token for somebody, and the entry for the file that SLUICE_PEOPLE names.')
    .argument('<name>')
    .requiredOption('--role <roles...>', 'viewer, operator, deployer, admin')
    .option('--group <groups...>', 'what they stand for: tasks for these are for them')
    .option('--until <time>', 'when it ends, such as 2027-01-01T00:00:00Z')
    .action(async (name: string, options: TokenOptions) => {
      const { token } = await import('../people/token.js');
      finish(token(name, options, terminal));
    });
}

function refused(fault: unknown): never {
  throw new Refused(fault instanceof Error ? fault.message : String(fault));
}

function configOf({ env }: Terminal): Config {
  const parsed = parseConfig(env);
  if ('config' in parsed) return parsed.config;
  throw new Refused(parsed.faults.join('\n'), 2);
}
