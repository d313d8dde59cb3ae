import type { NodeKey } from '../ports/store.js';

/** What an answer of a remote worker is about. It travels with the task and comes back as the correlation id. */
export interface Correlation extends NodeKey {
  readonly flow: string;
  readonly version: number;
  readonly attempt: number;
  /** Polls before it. */
  readonly polls: number;
  /** When it was handed over; database time. */
  readonly sentAt: number;
  /** It was let through as a probe of an open circuit. */
  readonly probe: boolean;
}

const VERSION = '1';
const ID = '[A-Za-z][A-Za-z0-9_]{0,63}';
const FORM = new RegExp(
  `^${VERSION}\\.([\\w-]{1,64})\\.(${ID})\\.(\\d{1,9})\\.(${ID})\\.(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,15})\\.([np])$`,
);

/** At most 255 bytes, which is all that AMQP allows. */
export function writeCorrelation(about: Correlation): string {
  const { instance, flow, version, node, visit, attempt, polls, sentAt, probe } = about;
  return [VERSION, instance, flow, version, node, visit, attempt, polls, sentAt, probe ? 'p' : 'n'].join('.');
}

/** `null` when it is none that {@link writeCorrelation} has written. */
export function readCorrelation(text: string | null): Correlation | null {
  const parts = FORM.exec(text ?? '');
  if (!parts) return null;
  const [, instance, flow, version, node, visit, attempt, polls, sentAt, probe] = parts as unknown as string[];
  return {
    instance: instance as string,
    flow: flow as string,
    version: Number(version),
    node: node as string,
    visit: Number(visit),
    attempt: Number(attempt),
    polls: Number(polls),
    sentAt: Number(sentAt),
    probe: probe === 'p',
  };
}
