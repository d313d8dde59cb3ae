import type { JsonObject } from '../../core/json.js';
import { conformWorker } from '../../programs/conform-worker.js';
import { ASKED, type Asked, type Finding } from '../conform/wire.js';
import { readInput } from '../input/read-input.js';
import { painter, Refused, type Terminal, table, visible } from '../terminal.js';

export interface ConformOptions {
  readonly input?: string;
  readonly case?: readonly string[];
  readonly broker?: string;
  readonly timeout: string;
  readonly json?: true;
}

const TASK = /^[A-Za-z][A-Za-z0-9_-]{0,63}(\.[A-Za-z0-9_-]{1,64}){0,7}$/;
const LOCAL = 'amqp://127.0.0.1';

/** Answers 0 when the worker kept to the contract in everything that was tried. */
export async function conform(task: string, options: ConformOptions, terminal: Terminal): Promise<number> {
  if (!TASK.test(task))
    throw new Refused(`Expected the name of a task, like kyc.verify, but got '${visible(task)}'.`, 2);
  const timeoutMs = Number(options.timeout);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 600_000)
    throw new Refused(`Expected --timeout in milliseconds, 1 to 600000, but it is '${options.timeout}'.`, 2);
  const input = await readInput(options.input, terminal);
  const cases = await casesOf(options.case ?? [], terminal);
  const place = {
    url: options.broker ?? (terminal.env['SLUICE_BROKER_URL'] || LOCAL),
    prefix: terminal.env['SLUICE_TOPOLOGY_PREFIX'] || 'sluice',
  };
  const report = await conformWorker(place, { task, input, cases, timeoutMs }).catch((fault: unknown) => {
    const reason = fault instanceof Error ? fault.message || fault.name : String(fault);
    throw new Refused(`Expected a broker to try the worker on, but it cannot be used: ${reason}. Set --broker.`);
  });
  if (options.json) terminal.out(JSON.stringify(report, null, 2));
  else {
    terminal.out(shown(report.findings, terminal));
    terminal.err(report.conforms ? `'${task}' keeps to the contract.` : `'${task}' does not keep to the contract.`);
  }
  return report.conforms ? 0 : 1;
}

async function casesOf(given: readonly string[], terminal: Terminal): Promise<Partial<Record<Asked, JsonObject>>> {
  const cases: Partial<Record<Asked, JsonObject>> = {};
  for (const text of given) {
    const at = text.indexOf('=');
    const name = text.slice(0, at) as Asked;
    if (at < 0 || !ASKED.includes(name))
      throw new Refused(`Expected --case NAME=JSON with one of ${ASKED.join(', ')}, but got '${visible(text)}'.`, 2);
    cases[name] = await readInput(text.slice(at + 1), terminal);
  }
  return cases;
}

function shown(findings: readonly Finding[], terminal: Terminal): string {
  const paint = painter(terminal);
  const colours = { passed: 'green', failed: 'red', 'not tried': 'dim' } as const;
  const lines = table(findings.map(({ verdict, check, detail }) => [verdict, check, visible(detail)])).split('\n');
  return lines.map((line, at) => paint(colours[findings[at]?.verdict ?? 'not tried'], line)).join('\n');
}
