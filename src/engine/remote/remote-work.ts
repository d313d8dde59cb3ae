import { HandOver, type HandOverParts } from './hand-over.js';
import { Probes } from './probes.js';
import { ReceiveReply, type ReceiveReplyParts } from './receive-reply.js';

/** Both ways of remote work: tasks to the workers, and their answers back. */
export function remoteWork(parts: Omit<HandOverParts & ReceiveReplyParts, 'probes'>): {
  readonly handOver: HandOver;
  readonly receive: ReceiveReply;
} {
  const all = { ...parts, probes: new Probes(parts.router, parts.clock) };
  return { handOver: new HandOver(all), receive: new ReceiveReply(all) };
}
