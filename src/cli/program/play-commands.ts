import type { Command } from 'commander';
import type { PageOptions } from '../commands/lists.js';
import type { Terminal } from '../terminal.js';
import type { PlayOptions, StartPlayOptions } from '../versions/plays.js';
import type { Finish } from './finish.js';
import { paged } from './paged.js';

const VERBS = {
  pause: 'Let a play start nobody for now.',
  resume: 'Let a paused play start again.',
  end: 'End a play for ever; what it has started goes on.',
} as const;

/** Commands for the plays of a running server. */
export function addPlayCommands(program: Command, terminal: Terminal, finish: Finish): void {
  const asked = () => import('../versions/plays.js');
  const plays = program.command('plays').description('Flows as operators configure them.');

  paged(plays.command('list').description('List plays, by code.'))
    .option('--flow <flow>')
    .option('--state <state>', 'live, paused or ended')
    .action(async (options: PageOptions & { flow?: string; state?: string }) =>
      finish(await (await asked()).plays(options, terminal)),
    );
  plays
    .command('show')
    .description('Show a play, with what it has started.')
    .argument('<code>')
    .option('--json', 'write the whole answer')
    .action(async (code: string, options: { json?: boolean }) =>
      finish(await (await asked()).showPlay(code, options, terminal)),
    );
  paged(plays.command('revisions').description('List all that a play ever was, newest first.'))
    .argument('<code>')
    .action(async (code: string, options: PageOptions) =>
      finish(await (await asked()).playRevisions(code, options, terminal)),
    );
  configured(plays.command('create').description('Configure a flow.').argument('<code>'))
    .requiredOption('--flow <flow>')
    .action(async (code: string, options: PlayOptions & { flow: string }) =>
      finish(await (await asked()).createPlay(code, options, terminal)),
    );
  configured(plays.command('change').description('Change a play from now on.').argument('<code>'))
    .option('--revision <number>', 'what the change was made from; refused if it is another by now')
    .action(async (code: string, options: PlayOptions) =>
      finish(await (await asked()).changePlay(code, options, terminal)),
    );
  for (const verb of ['pause', 'resume', 'end'] as const) {
    plays
      .command(verb)
      .description(VERBS[verb])
      .argument('<code>')
      .option('--reason <text>', 'for everyone who asks why')
      .action(async (code: string, options: { reason?: string }) =>
        finish(await (await asked()).turnPlay(code, verb, options, terminal)),
      );
  }
  plays
    .command('start')
    .description('Start an instance by a play; writes its id.')
    .argument('<code>')
    .option('-i, --input <json>', 'a JSON object, a file, or - for the standard input')
    .option('--key <key>', 'business key, instead of the one the definition computes')
    .option('--receipt <text>', 'identity of this start: sent again, it answers with the same instance')
    .option('--json', 'write the whole answer')
    .action(async (code: string, options: StartPlayOptions) =>
      finish(await (await asked()).startPlay(code, options, terminal)),
    );
}

const configured = (command: Command): Command =>
  command
    .option('--title <text>')
    .option('--params <json>', 'all parameters: a JSON object, a file, or - for the standard input')
    .option('--from <time>', 'when it begins, with its zone')
    .option('--to <time>', 'when it is over')
    .option('--audience <condition>', 'over input and play; empty: everybody')
    .option('--max <count>', 'most starts; empty: no bound')
    .option('--by <expression>', 'with --max: for each value of it')
    .option('--reason <text>', 'for everyone who asks why');
