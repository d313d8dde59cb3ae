import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { parseConfig } from '../../config/parse-config.js';
import { Refused, type Terminal } from '../terminal.js';
import type { Finish } from './finish.js';

/** Commands that are a server, or work on its database. They read the server's settings. */
export function addServerCommands(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('dev')
    .description('Serve, and publish definitions as their files change.')
    .action(async () => {
      const { develop } = await import('../../programs/develop.js');
      await develop(configOf(terminal), terminal);
    });
  program
    .command('migrate')
    .description('Bring the schema of SLUICE_DATABASE_URL (or the embedded file) up to date.')
    .action(async () => {
      const { migrateSchema } = await import('../../programs/migrate-schema.js');
      const names = await migrateSchema(configOf(terminal)).catch((fault: unknown) => {
        throw new Refused(fault instanceof Error ? fault.message : String(fault));
      });
      for (const name of names) terminal.out(name);
      terminal.err(names.length === 0 ? 'The schema was up to date.' : 'The schema is up to date.');
      finish(0);
    });
}

function configOf({ env }: Terminal): Config {
  const parsed = parseConfig(env);
  if ('config' in parsed) return parsed.config;
  throw new Refused(parsed.faults.join('\n'), 2);
}
