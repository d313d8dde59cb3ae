import type { AttemptOrder, AttemptOutcome, TaskHandler } from '../../src/engine/ports/handlers.js';
import { Log } from '../../src/engine/ports/log.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import { InProcessAttemptRunner } from '../../src/worker/in-process-attempt-runner.js';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Keeps the lines, for looking at. */
export class KeptLog extends Log {
  readonly lines: LogLine[] = [];
  info = (message: string, facts = {}): void => void this.lines.push({ level: 'info', message, facts });
  warn = (message: string, facts = {}): void => void this.lines.push({ level: 'warn', message, facts });
  error = (message: string, facts = {}): void => void this.lines.push({ level: 'error', message, facts });
}

export const CONTEXT: AttemptOrder['context'] = {
  idempotencyKey: '0192.disburse.1',
  instance: '0192',
  flow: 'loan_disbursement',
  version: 3,
  node: 'disburse',
  visit: 1,
  attempt: 1,
  with: {},
};

export type OrderParts = Partial<Omit<AttemptOrder, 'context'>> & { readonly with?: AttemptOrder['context']['with'] };

export function orderOf(handler: TaskHandler, parts: OrderParts = {}): AttemptOrder {
  const { with: literals, ...rest } = parts;
  return {
    handler,
    input: {},
    timeoutMs: 1_000,
    localRetries: [],
    stop: new AbortController().signal,
    ...rest,
    context: { ...CONTEXT, with: literals ?? {} },
  };
}

/** A runner on virtual time. */
export function runnerOf(): {
  readonly clock: VirtualClock;
  readonly log: KeptLog;
  readonly run: (handler: TaskHandler, parts?: OrderParts) => Promise<AttemptOutcome>;
} {
  const clock = new VirtualClock();
  const log = new KeptLog();
  const runner = new InProcessAttemptRunner(clock, log);
  return { clock, log, run: (handler, parts) => runner.run(orderOf(handler, parts)) };
}

/** Lets promises that are already settled run their reactions. */
export const turns = async (count = 3): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

export const never = (): Promise<never> => new Promise(() => {});

/** A promise, and what settles it. */
export interface Settle {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function withResolvers(): Settle {
  let resolve!: (value: unknown) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise((a, b) => {
    resolve = a;
    reject = b;
  });
  return { promise, resolve, reject };
}
