import { text } from 'node:stream/consumers';
import { sluice } from './sluice.js';

// Whoever reads may stop early: `sluice list | head`.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => process.exit(fault.code === 'EPIPE' ? 0 : 1));

process.exitCode = await sluice(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  stdin: () => text(process.stdin),
});
