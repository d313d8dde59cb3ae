import 'reflect-metadata';
import { DefinitionFolder, type FolderReport } from '../catalog/definition-folder.js';
import type { Config } from '../config/config.js';
import { formatProblem, type Problem } from '../language/problem.js';
import { PinoLog } from './process/pino-log.js';
import { serve, stopOnFaults, stopOnSignals } from './serve.js';

export interface Onlooker {
  readonly colour: boolean;
  out(text: string): void;
  err(text: string): void;
}

/**
 * Serves, and publishes every definition anew when its file changes. A file with an error is told and keeps its last
 * good version; running instances keep theirs in any case. Ends with a signal.
 */
export async function develop(config: Config, onlooker: Onlooker): Promise<void> {
  const quiet = { ...config, log: config.log === 'info' ? ('warn' as const) : config.log };
  const log = new PinoLog(quiet.log);
  const served = await serve(quiet, { log });
  const folder = served.app.get(DefinitionFolder);
  const watching = folder.watch(
    (report) => tell(report, onlooker),
    (fault) => onlooker.err(`The definitions could not be read: ${String(fault)}`),
  );
  process.once('exit', () => watching.close());
  stopOnSignals(served, log);
  stopOnFaults(served, log);
  onlooker.out(`Console: ${served.link}`);
  onlooker.err(`Watching ${config.definitions}. Ctrl-C stops.`);
}

function tell({ published, problems, faults }: FolderReport, { colour, out, err }: Onlooker): void {
  for (const problem of problems as readonly Problem[]) err(`${formatProblem(problem, { colour })}\n`);
  for (const { file, message } of faults) err(`${file}: ${message}`);
  for (const { file, flow, version, created } of published) if (created) out(`${file}: ${flow} v${version}`);
}
