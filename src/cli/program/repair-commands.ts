import type { Command } from 'commander';
import type { PageOptions } from '../commands/lists.js';
import type { Terminal } from '../terminal.js';
import { anyOf } from './any-of.js';
import type { Finish } from './finish.js';
import { paged } from './paged.js';

/** Commands for what went wrong around the flows: unusable messages, lost ones. */
export function addRepairCommands(program: Command, terminal: Terminal, finish: Finish): void {
  const quarantine = program.command('quarantine').description('Messages that could not be used.');
  const actions = () => import('../commands/repair/quarantine.js');

  paged(quarantine.command('list', { isDefault: true }).description('List them, newest first.'))
    .addOption(anyOf('--state <state>', 'what became of them', ['open', 'replayed', 'discarded']))
    .action(async (options: PageOptions & { state?: string }) => {
      const lists = await import('../commands/lists.js');
      finish(await lists.quarantine(options, terminal));
    });
  quarantine
    .command('show')
    .description('Show one with its body.')
    .argument('<id>')
    .option('--json', 'write the whole answer')
    .action(async (id: string, { json = false }: { json?: boolean }) => {
      finish(await (await actions()).showQuarantined(id, { json }, terminal));
    });
  quarantine
    .command('replay')
    .description('Do again what they asked for; writes the instances.')
    .argument('<ids...>')
    .action(async (ids: string[]) => finish(await (await actions()).replayQuarantined(ids, terminal)));
  quarantine
    .command('discard')
    .description('Mark them as not wanted; they are kept.')
    .argument('<ids...>')
    .action(async (ids: string[]) => finish(await (await actions()).discardQuarantined(ids, terminal)));

  program
    .command('repair')
    .description('Show how the engine keeps itself right: loops, lanes, what is under way.')
    .option('--json', 'write the whole answer')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { repair } = await import('../commands/repair/repair.js');
      finish(await repair({ json }, terminal));
    });
  program
    .command('republish')
    .description('Send every dispatch that is due again, for when queues are gone.')
    .action(async () => {
      const { republish } = await import('../commands/repair/repair.js');
      finish(await republish(terminal));
    });
}
