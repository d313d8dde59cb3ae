import type { Command } from 'commander';

/** The options of every list. */
export const paged = (command: Command): Command =>
  command
    .option('--limit <count>', '1 to 200')
    .option('--cursor <text>', 'go on after an earlier page')
    .option('--json', 'write the whole answer');
