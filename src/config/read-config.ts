import type { Config } from './config.js';
import { parseConfig } from './parse-config.js';

/** The settings of this process; prints every fault and ends it when there are any. */
export function readConfig(overrides: Readonly<Record<string, string>> = {}): Config {
  const parsed = parseConfig({ ...process.env, ...overrides });
  if ('config' in parsed) return parsed.config;
  for (const fault of parsed.faults) process.stderr.write(`${fault}\n`);
  process.exit(2);
}
