import type { DefinitionFolder, FolderReport, Watching } from '../catalog/definition-folder.js';
import type { FollowOrders } from '../catalog/orders/follow-orders.js';
import type { Engine } from '../engine/engine.js';
import type { Log } from '../engine/ports/log.js';

/** Publishes the folder; what is wrong in a file stops that file alone, and its last good version stays. */
export async function loadDefinitions(folder: DefinitionFolder, log: Log): Promise<FolderReport> {
  const report = await folder.load();
  const { published, problems, faults, routing } = report;
  log.info('Definitions are published.', { flows: published.map(({ flow, version }) => `${flow} ${version}`) });
  tellProblems(problems, log);
  for (const { file, message } of faults) log.error(message, { file });
  if (routing.version !== null)
    log.info('Routing rules are in force.', { rules: routing.rules.length, overrides: routing.overrides.length });
  return report;
}

export function followTriggers({ triggers }: FolderReport['triggers'], { beside }: Engine, log: Log): void {
  if (triggers.length + beside.triggers.all.length === 0) return;
  beside.triggers.follow(triggers);
  log.info('Triggers are in force.', { triggers: triggers.map(({ code }) => code) });
}

function tellProblems(problems: FolderReport['problems'], log: Log): void {
  for (const { severity, code, message, file, line } of problems) {
    if (severity === 'error') log.error(message, { code, file, line });
    else log.warn(message, { code, file, line });
  }
}

/** Rules and overrides are in force a moment after their file is saved; a file with an error changes nothing. */
export function watchRouting(folder: DefinitionFolder, orders: FollowOrders, log: Log): Pick<Watching, 'close'> {
  const failed = (fault: unknown): void =>
    log.warn('The routing rules are not watched; a restart reads them.', { fault: String(fault) });
  try {
    return folder.watchRouting(({ routing, problems, faults }) => {
      tellProblems(problems, log);
      for (const { file, message } of faults) log.error(message, { file });
      if (routing.version === orders.current.files.version) return;
      orders.files(routing);
      log.info('Routing rules are in force.', { rules: routing.rules.length, overrides: routing.overrides.length });
    }, failed);
  } catch (fault) {
    failed(fault);
    return { close: () => {} };
  }
}

/** The same of triggers. */
export function watchTriggers(
  folder: DefinitionFolder,
  version: string | null,
  engine: Engine,
  log: Log,
): Pick<Watching, 'close'> {
  let inForce = version;
  const failed = (fault: unknown): void =>
    log.warn('The triggers are not watched; a restart reads them.', { fault: String(fault) });
  try {
    return folder.watchTriggers((report) => {
      tellProblems(report.problems, log);
      for (const { file, message } of report.faults) log.error(message, { file });
      if (report.version === inForce) return;
      inForce = report.version;
      followTriggers(report, engine, log);
    }, failed);
  } catch (fault) {
    failed(fault);
    return { close: () => {} };
  }
}
