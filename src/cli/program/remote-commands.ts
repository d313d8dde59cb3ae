import type { Command } from 'commander';
import type { AddOptions } from '../commands/add-items.js';
import type { ListOptions, PageOptions, TasksOptions } from '../commands/lists.js';
import type { CompleteOptions, MessageOptions, SettleOptions, StartOptions } from '../commands/operate.js';
import type { AuditOptions } from '../people/audit.js';
import type { Terminal } from '../terminal.js';
import type { Finish } from './finish.js';
import { paged } from './paged.js';

/** Commands that ask a running server. */
export function addRemoteCommands(program: Command, terminal: Terminal, finish: Finish): void {
  const operations = () => import('../commands/operate.js');
  const lists = () => import('../commands/lists.js');

  program
    .command('start')
    .description('Start an instance; writes its id.')
    .argument('<flow>')
    .option('-i, --input <json>', 'a JSON object, a file, or - for the standard input')
    .option('--key <key>', 'business key, instead of the one the definition computes')
    .option('--flow-version <number>', 'instead of the newest')
    .option('--receipt <text>', 'identity of this start: sent again, it answers with the same instance')
    .option('--json', 'write the whole answer')
    .action(async (flow: string, options: StartOptions) => {
      finish(await (await operations()).start(flow, options, terminal));
    });

  paged(program.command('list').description('List instances, newest first.'))
    .option('--flow <flow>')
    .option('--play <code>', 'the play that started it')
    .option('--status <status>')
    .option('--key <prefix>', 'what the business key begins with')
    .action(async (options: ListOptions) => finish(await (await lists()).list(options, terminal)));

  program
    .command('show')
    .description('Show an instance: where it is, what was tried, and why.')
    .argument('<id>')
    .option('--json', 'write the whole answer')
    .action(async (id: string, { json = false }: { json?: boolean }) => {
      const { show } = await import('../commands/show/show.js');
      finish(await show(id, { json }, terminal));
    });

  program
    .command('trace')
    .description('Write an instance as a trace, in the JSON of Zipkin.')
    .argument('<id>')
    .action(async (id: string) => {
      const { trace } = await import('../commands/show/trace.js');
      finish(await trace(id, terminal));
    });

  program
    .command('why')
    .description('Say why a node of an instance went to its lane.')
    .argument('<id>')
    .argument('<node>')
    .option('--visit <number>', 'instead of the newest')
    .option('--json', 'write the whole answer')
    .action(async (id: string, node: string, { json = false, visit }: { json?: boolean; visit?: string }) => {
      const { why } = await import('../commands/routing/why.js');
      finish(await why({ id, node }, { json, ...(visit !== undefined && { visit }) }, terminal));
    });

  program
    .command('retry')
    .description('Give the incidents of an instance another round of attempts.')
    .argument('<id>')
    .option('--node <node>', 'this one alone')
    .option('--visit <number>', 'this visit of it')
    .action(async (id: string, options: { node?: string; visit?: string }) => {
      finish(await (await operations()).retry(id, options, terminal));
    });

  program
    .command('settle')
    .description('Declare that a participant of a tcc, which could not confirm or cancel, is settled.')
    .argument('<id>')
    .argument('<node>')
    .requiredOption('--reason <text>', 'how it was settled; kept in the audit and with the node')
    .option('--participant <name>', 'needed when several are to be settled')
    .option('--visit <number>', 'that of its incident')
    .action(async (id: string, node: string, options: SettleOptions) => {
      finish(await (await operations()).settle({ id, node }, options, terminal));
    });

  program
    .command('cancel')
    .description('End an instance as cancelled.')
    .argument('<id>')
    .action(async (id: string) => finish(await (await operations()).cancel(id, terminal)));

  for (const verb of ['pause', 'resume'] as const) {
    program
      .command(verb)
      .description(verb === 'pause' ? 'Hold the new work of an instance.' : 'Let a paused instance go on.')
      .argument('<id>')
      .action(async (id: string) => finish(await (await operations()).hold(id, verb, terminal)));
  }

  program
    .command('message')
    .description('Send a message to the flow that waits for it, or will, or that it starts; writes who took it.')
    .argument('<name>')
    .option('-p, --payload <json>', 'a JSON object, a file, or - for the standard input')
    .option('--id <text>', 'identity of this message: sent again, it is the same')
    .option('--ttl <seconds>', 'how long it is kept for somebody to wait for it; default one day')
    .action(async (name: string, options: MessageOptions) => {
      finish(await (await operations()).message(name, options, terminal));
    });

  paged(program.command('incidents').description('List open incidents, newest first.')).action(
    async (options: PageOptions) => finish(await (await lists()).incidents(options, terminal)),
  );

  paged(program.command('tasks').description('List what people are asked to do, the oldest first.'))
    .option('--assignee <name>', 'whose they are')
    .option('--mine', 'only what the holder of this token may complete')
    .option('--flow <flow>')
    .action(async (options: TasksOptions) => finish(await (await lists()).tasks(options, terminal)));

  program
    .command('triggers')
    .description('List what starts flows, with what became of the events that were heard.')
    .option('--json', 'write the whole answer')
    .action(async (options: { json?: boolean }) => finish(await (await lists()).triggers(options, terminal)));

  paged(program.command('audit').description('List who did what, and who was refused, newest first.'))
    .option('--flow <flow>')
    .option('--instance <id>')
    .option('--who <name>')
    .action(async (options: AuditOptions) => {
      const { audit } = await import('../people/audit.js');
      finish(await audit(options, terminal));
    });

  program
    .command('complete')
    .description('Complete a manual node with what its form asks for.')
    .argument('<id>')
    .argument('<node>')
    .option('-o, --output <json>', 'a JSON object, a file, or - for the standard input')
    .option('--visit <number>', 'instead of the newest')
    .action(async (id: string, node: string, options: CompleteOptions) => {
      finish(await (await operations()).complete({ id, node }, options, terminal));
    });

  program
    .command('add')
    .description('Add items to those of a node with `each` that takes more.')
    .argument('<id>')
    .argument('<node>')
    .option('-i, --items <json>', 'a JSON list, a file, or - for the standard input')
    .option('--last', 'no more are to come after these')
    .option('--seen <number>', 'how many items there were; with others by now nothing is added')
    .option('--visit <number>', 'instead of the newest')
    .action(async (id: string, node: string, options: AddOptions) => {
      const { addItems } = await import('../commands/add-items.js');
      finish(await addItems({ id, node }, options, terminal));
    });
}
