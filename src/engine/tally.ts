import type { RejectionReason } from '../core/flow/event.js';

/** Everything that an engine counts, and what each number says. Metrics and the operations manual tell the same. */
export const COUNTERS = {
  'start.stored': 'Instances that were stored.',
  'start.duplicate': 'Starts that stood for an instance which was there before.',
  'start.busy': 'Starts that were told to come later, because too much work lay in the lanes.',
  'delivery.taken': 'Dispatches that were delivered.',
  'delivery.copy': 'Deliveries of a dispatch that was in hand already.',
  'delivery.early': 'Deliveries that came before they were due and were sent on.',
  'delivery.stale': 'Deliveries for which nothing was to be done: duplicates, or overtaken.',
  'delivery.released': 'Deliveries that could not be handled and went back to the broker.',
  'delivery.claimed': 'Deliveries from the third on, counted in the database before they ran.',
  'lane.emptied': 'Dispatches of lanes that no rule names any more, which were given to the lane normal.',
  'retry.kept': 'Retries that waited because they were more than their share of the calls; they cost no attempt.',
  'delivery.limited': 'Deliveries that a limit or a rate did not let run yet; they cost no attempt.',
  'delivery.degraded':
    'Deliveries that were answered by the fallback of their node, because of a circuit; no handler was asked.',
  'delivery.deferred': 'Deliveries that the router did not let run; they cost no attempt.',
  'delivery.elsewhere':
    'Deliveries whose handler is not in this engine, which were sent on to a group of engines that has it, at no attempt.',
  'group.moved':
    'Dispatches that waited for a group of engines that is gone, and were given to another that has the handler.',
  'cache.hit': 'Attempts of tasks with `cache` that were answered by an equal call, without asking the handler.',
  'cache.miss': 'Attempts of tasks with `cache` that asked the handler.',
  'batch.attempt': 'Attempts of tasks with `batch` that a batch handler was asked about.',
  'batch.call': 'Calls of batch handlers; the attempts that are more than these are calls saved.',
  'tcc.empty': 'Cancels of participants that had never tried; nothing was asked.',
  'tcc.refused': 'Tries that came after their cancel, and confirms or cancels after the other; nothing was asked.',
  'task.handed': 'Attempts that were handed to remote workers.',
  'task.refused': 'Attempts that the broker did not take for remote workers; they are handed again.',
  'task.overdue': 'Attempts of remote workers that were not answered in time.',
  'reply.taken': 'Answers of remote workers that were delivered, heartbeats among them.',
  'crash.loops': 'Attempts that became the incident CRASH_LOOP.',
  'dispatch.published': 'Dispatches that the broker has confirmed.',
  'dispatch.refused': 'Dispatches that the broker did not take; they are sent again.',
  'commit.batches': 'Transactions of events that were committed.',
  'commit.events': 'Events in them.',
  'commit.skipped': 'Events put off because somebody else had their instance locked.',
  'commit.bisected': 'Batches that were halved, because the database refused something in them.',
  'commit.broken': 'Events that could not be applied or stored.',
  'commit.away': 'Batches that waited because the database did not answer.',
  'message.kept': 'Messages that were stored.',
  'message.duplicate': 'Messages that had come before.',
  'message.taken': 'Messages that somebody went on with.',
  'message.asked-again': 'Messages whose claim was asked about, because its holder was silent.',
  'message.expired': 'Messages that nobody waited for while they were kept; they are in the quarantine.',
  'claim.forgotten': 'Events of which it is forgotten that they had a share of a quota.',
  'handler.withdrawn': 'Handlers that were told to stop, because their node was withdrawn while they ran.',
  'signal.delivered': 'Words of instances to others that were delivered.',
  'signal.swept': 'Words that whoever wrote them had not delivered in time.',
  'rejected.paused': 'Words that wait because the instance is paused, or pauses of one that is.',
  'rejected.not-paused': 'Resumes of an instance that was not paused.',
  'rejected.already-started': 'Starts of an instance that had started.',
  'rejected.instance-over': 'Words about an instance that was over.',
  'rejected.unknown-node-instance': 'Words about a node instance that is not there.',
  'rejected.node-instance-over': 'Words about a node instance that was over: duplicates.',
  'rejected.stale-attempt': 'Words of an attempt that had ended.',
  'rejected.nothing-to-settle': 'Participants declared settled that were not to be, or are.',
  'rejected.ending': 'Cancels of an instance that had been ended, and settles what it has begun.',
  'rejected.nothing-to-retry': 'Retries of what was no incident.',
  'rejected.not-waiting': 'Words to wait no longer about what waited for no time.',
  'rejected.nothing-stuck': 'Suspicions of the audit that ended under the lock.',
  'republished.successors': 'Dispatches sent again because a duplicate came by redelivery.',
  'republished.all': 'Dispatches sent again because a person asked for it.',
  'circuit.open': 'Circuits that opened.',
  'circuit.half-open': 'Circuits that began to take probes.',
  'circuit.ramp': 'Circuits that began to let messages through again.',
  'circuit.closed': 'Circuits that closed.',
  'latency.fast': 'Subjects that became fast.',
  'latency.normal': 'Subjects that became neither fast nor slow.',
  'latency.slow': 'Subjects that became slow.',
  'health.maintained': 'Times that this engine began to judge the health of partners for all engines.',
  'health.written': 'Changes of health that this engine wrote for all engines.',
  'health.missed': 'Words about health that did not follow on what was known; it was read from the database.',
  'health.reloaded': 'Times that all shared health was read anew, because it was another than the one known.',
  swept: 'Dispatches that were lost, found by evidence and sent again.',
  'lease.taken': 'Handlers that began under a lease.',
  'lease.full': 'Tasks put off because as many leased handlers ran as may.',
  'lease.lost': 'Leased handlers that were stopped because the lease was no longer theirs.',
  'lease.returned': 'Leases given back because the engine stopped.',
  'lease.expired': 'Leases that ended without a word; their tasks began anew.',
  'timer.fired': 'Rows that fell due on the timer of the database.',
  healed: 'Incidents that ended because their handler, or their secret, appeared.',
  quarantined: 'Messages that could not be used and were kept.',
  'quarantine.replayed': 'Kept messages that were replayed.',
  'quarantine.refused': 'Replays that failed again.',
  'quarantine.discarded': 'Kept messages that were discarded.',
  'audit.looked': 'Instances that the audit has looked at.',
  'audit.stuck': 'Instances with a wrong count or nothing to do. It must stay 0.',
  'loop.failed': 'Rounds of repair loops that failed.',
} as const satisfies Readonly<Record<string, string>> & Readonly<Record<`rejected.${RejectionReason}`, string>>;

export type CounterName = keyof typeof COUNTERS;

/** Counters of one engine process, by name; read by metrics, tests and benchmarks. They only rise. */
export class Tally {
  private readonly counts = new Map<CounterName, number>();

  count(name: CounterName, by = 1): void {
    if (by > 0) this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  get(name: CounterName): number {
    return this.counts.get(name) ?? 0;
  }

  /** Those that have counted anything. */
  all(): Readonly<Partial<Record<CounterName, number>>> {
    return Object.fromEntries([...this.counts].sort());
  }
}
