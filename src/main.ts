import 'reflect-metadata';
import { printConfig } from './config/print-config.js';
import { readConfig } from './config/read-config.js';
import { Access } from './console/access/access.js';
import { PinoLog } from './programs/process/pino-log.js';
import { serve, stopOnFaults, stopOnSignals } from './programs/serve.js';

const config = readConfig();
const log = new PinoLog(config.log);
try {
  const served = await serve(config, { log });
  stopOnSignals(served, log);
  stopOnFaults(served, log);
  const { random } = served.app.get(Access);
  process.stdout.write(`Sluice is up: ${random ? served.link : served.link.replace(/#.*/, '')}\n`);
  log.info('Sluice is up.', { settings: printConfig(config) });
} catch (fault) {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`);
  process.exit(1);
}
