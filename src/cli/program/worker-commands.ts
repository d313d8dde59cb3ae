import type { Command } from 'commander';
import type { ConformOptions } from '../commands/conform.js';
import type { Terminal } from '../terminal.js';
import type { Finish } from './finish.js';

/** Commands for those who write remote workers. */
export function addWorkerCommands(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('conform')
    .description('Try a remote worker against the contract: it gets real tasks on its own queue.')
    .argument('<task>', 'the name of the task that it serves')
    .option('-i, --input <json>', 'an input that it can work with: a JSON object, a file, or - for the standard input')
    .option('--case <name=json...>', 'an input that leads to: no, error, permanent, poll or heartbeat')
    .option('--broker <url>', 'instead of SLUICE_BROKER_URL')
    .option('--timeout <ms>', 'how long each answer is waited for', '10000')
    .option('--json', 'write all that was found')
    .action(async (task: string, options: ConformOptions) => {
      const { conform } = await import('../commands/conform.js');
      finish(await conform(task, options, terminal));
    });
}
