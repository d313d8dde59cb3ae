import { Command, CommanderError } from 'commander';
import { VERSION } from '../config/installation.js';
import { addDefinitionCommands } from './program/definition-commands.js';
import type { Finish } from './program/finish.js';
import { addLocalCommands } from './program/local-commands.js';
import { addPlayCommands } from './program/play-commands.js';
import { addRemoteCommands } from './program/remote-commands.js';
import { addRepairCommands } from './program/repair-commands.js';
import { addRoutingCommands } from './program/routing-commands.js';
import { addServerCommands } from './program/server-commands.js';
import { addWorkerCommands } from './program/worker-commands.js';
import { Refused, type Terminal, visible } from './terminal.js';

/**
 * Runs one command line, without the program's own name, and answers the exit code: 0 done, 1 the answer is no,
 * 2 asked wrongly. Commands are loaded when they are called, so that `validate` starts without a server's parts.
 */
export async function sluice(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  const program = new Command('sluice')
    .description('Flows in YAML: check them, draw them, run them, and look after their instances.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      getOutHasColors: () => terminal.colour,
      getErrHasColors: () => terminal.colour,
    })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nThe server is found by SLUICE_URL and SLUICE_TOKEN, or in the folder where it was started.',
    );
  const finish: Finish = (answered) => {
    code = answered;
  };
  addLocalCommands(program, terminal, finish);
  addRemoteCommands(program, terminal, finish);
  addDefinitionCommands(program, terminal, finish);
  addPlayCommands(program, terminal, finish);
  addRepairCommands(program, terminal, finish);
  addRoutingCommands(program, terminal, finish);
  addServerCommands(program, terminal, finish);
  addWorkerCommands(program, terminal, finish);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const refused = error instanceof Refused ? error : ofSystem(error);
    if (!refused) throw error;
    terminal.err(refused.message);
    return refused.exitCode;
  }
}

/** What the operating system refuses, of a file that was named mostly: nobody is helped by where in the program that was. */
function ofSystem(error: unknown): Refused | null {
  const { code, syscall, path, message } = Object(error) as Partial<NodeJS.ErrnoException>;
  if (code === undefined || syscall === undefined) return null;
  const why = message?.replace(/^[A-Z0-9]+: |, \w+( '.*')?$/g, '') || code;
  const what = path === undefined ? 'the system to do what is needed' : `${visible(path)} to be usable`;
  return new Refused(`Expected ${what}, but ${visible(why)} (${code}, ${syscall}). Check the name and the rights.`, 2);
}
