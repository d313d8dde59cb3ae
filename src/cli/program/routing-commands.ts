import type { Command } from 'commander';
import type { PageOptions } from '../commands/lists.js';
import type { CancelOptions, MoveOptions } from '../commands/routing/delays.js';
import type { ExplainOptions } from '../commands/routing/explain.js';
import type { OverrideOptions } from '../commands/routing/overrides.js';
import { Refused, type Terminal } from '../terminal.js';
import { anyOf } from './any-of.js';
import type { Finish } from './finish.js';
import { paged } from './paged.js';

/** Commands for what people tell the router. */
export function addRoutingCommands(program: Command, terminal: Terminal, finish: Finish): void {
  addOverrides(program.command('override').description('What an operator tells the router, for a while.'));
  addRules(program.command('rules').description('What a business tells the router.'));
  program
    .command('explain')
    .description('Say where a message of a flow would go now, and why; or what a problem is, by its code.')
    .argument('<flow-or-code>')
    .argument('[node]')
    .option('--handler <handler>', 'instead of that of the node')
    .option('--attempt <number>', 'its attempt')
    .option('--polls <number>', 'how often it was asked')
    .option('--dim <name=value>', 'its dimension')
    .option('--rules <file>', 'under this draft of rules')
    .option('--json', 'write the whole answer')
    .action(async (flow: string, node: string | undefined, options: ExplainOptions) => {
      const problems = await import('../commands/problem.js');
      if (node === undefined && problems.isProblem(flow)) return finish(problems.explainProblem(flow, terminal));
      const { explain } = await import('../commands/routing/explain.js');
      finish(await explain({ flow, ...(node !== undefined && { node }) }, options, terminal));
    });
  program
    .command('groups')
    .description('List the groups of engines, what they have, and what waits for them.')
    .option('--json', 'write the whole answer')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { groups } = await import('../commands/routing/groups.js');
      finish(await groups({ json }, terminal));
    });
  addDelays(program.command('delays').description('What waits for its time.'));

  function addDelays(delays: Command): void {
    const commands = () => import('../commands/routing/delays.js');
    paged(delays.command('list', { isDefault: true }).description('List it, the next one first.'))
      .option('--flow <flow>')
      .option('--lane <lane>')
      .action(async (options: PageOptions) => finish(await (await commands()).delays(options, terminal)));
    delays
      .command('run')
      .description('Let a node that waits go now.')
      .argument('<id>')
      .argument('<node>')
      .option('--visit <number>', 'instead of the newest')
      .option('--dispatch <number>', 'only if this is still the one that waits')
      .action(async (id: string, node: string, options: MoveOptions) =>
        finish(await (await commands()).moveDelay({ id, node }, options, terminal)),
      );
    delays
      .command('move')
      .description('Let a node that waits go at another time.')
      .argument('<id>')
      .argument('<node>')
      .option('--for <duration>', 'this long from now')
      .option('--until <time>', 'at this time, with its zone')
      .option('--visit <number>', 'instead of the newest')
      .option('--dispatch <number>', 'only if this is still the one that waits')
      .action(async (id: string, node: string, options: MoveOptions) => {
        if (options.for === undefined && options.until === undefined)
          throw new Refused('Expected --for or --until, but there is neither. To let it go now: sluice delays run', 2);
        finish(await (await commands()).moveDelay({ id, node }, options, terminal));
      });
    delays
      .command('cancel')
      .description('Keep a node that waits from going at its time; it becomes an incident.')
      .argument('<id>')
      .argument('<node>')
      .requiredOption('--reason <text>', 'why, for everyone who asks')
      .option('--visit <number>', 'instead of the newest')
      .option('--dispatch <number>', 'only if this is still the one that waits')
      .action(async (id: string, node: string, options: CancelOptions) =>
        finish(await (await commands()).cancelDelay({ id, node }, options, terminal)),
      );
  }

  function addOverrides(override: Command): void {
    const commands = () => import('../commands/routing/overrides.js');
    override
      .command('list', { isDefault: true })
      .description('List those in force.')
      .option('--json', 'write the whole answer')
      .action(async ({ json = false }: { json?: boolean }) =>
        finish(await (await commands()).overrides({ json }, terminal)),
      );
    override
      .command('set')
      .description('Put one in force; writes its code.')
      .requiredOption('--reason <text>', 'why, for everyone who asks')
      .option('--code <code>', 'one of the same code is replaced')
      .option('--flow <flow>', 'for messages of this flow')
      .option('--node <node>', 'of this node')
      .option('--handler <handler>', 'of this handler')
      .option('--tag <tag>', 'of nodes with this tag')
      .option('--subject <subject>', 'of this subject, or one below it: bank.pay[bank=south]')
      .option('--dim <name=value...>', 'of this value of a dimension')
      .option('--lane <lane>', 'send them to this lane')
      .option('--hold', 'send nothing')
      .option('--ignore-circuit', 'send them although a circuit is not closed')
      .addOption(anyOf('--circuit <state>', 'what the circuit is taken for', ['open', 'closed']))
      .option('--freeze', 'take the subject for what it is now')
      .option('--for <duration>', 'how long, at most 24h (default: 1h)')
      .option('--until <time>', 'till when, with its zone')
      .option('--json', 'write the whole answer')
      .action(async (options: OverrideOptions) => finish(await (await commands()).setOverride(options, terminal)));
    override
      .command('remove')
      .description('End one.')
      .argument('<code>')
      .option('--reason <text>', 'why')
      .action(async (code: string, options: { reason?: string }) =>
        finish(await (await commands()).removeOverride(code, options, terminal)),
      );
  }

  function addRules(rules: Command): void {
    const commands = () => import('../commands/routing/rules.js');
    rules
      .command('list', { isDefault: true })
      .description('List those in force, in the order in which they are asked.')
      .option('--json', 'write the whole answer')
      .action(async ({ json = false }: { json?: boolean }) =>
        finish(await (await commands()).rules({ json }, terminal)),
      );
    rules
      .command('publish')
      .description('Publish a set of rules, in the place of the one before; writes its version.')
      .argument('<file>')
      .option('--note <text>', 'why')
      .action(async (file: string, options: { note?: string }) =>
        finish(await (await commands()).publishRules(file, options, terminal)),
      );
    rules
      .command('try')
      .description('Say what of the latest decisions a file of rules would have changed.')
      .argument('<file>')
      .option('--last <count>', 'how many decisions, 1 to 1000')
      .option('--json', 'write the whole answer')
      .action(async (file: string, options: { last?: string; json?: boolean }) => {
        const { tryRules } = await import('../commands/routing/explain.js');
        finish(await tryRules(file, options, terminal));
      });
    rules
      .command('restore')
      .description('Publish the content of an earlier version anew.')
      .argument('<version>')
      .option('--reason <text>', 'why')
      .action(async (version: string, options: { reason?: string }) =>
        finish(await (await commands()).restoreRules(version, options, terminal)),
      );
    rules
      .command('show')
      .description('Write the source of a published version.')
      .argument('<version>')
      .action(async (version: string) => finish(await (await commands()).showRules(version, terminal)));
    paged(rules.command('versions').description('List what was published, newest first.')).action(
      async (options: PageOptions) => finish(await (await commands()).rulesVersions(options, terminal)),
    );
    paged(rules.command('log').description('Say who told the router what, newest first.')).action(
      async (options: PageOptions) => finish(await (await commands()).routingChanges(options, terminal)),
    );
  }
}
