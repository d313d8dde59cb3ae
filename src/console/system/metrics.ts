import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Broker } from '../../engine/ports/broker.js';
import type { ReportRepair } from '../../engine/repair/report-repair.js';
import { COUNTERS, type CounterName, type Tally } from '../../engine/tally.js';
import type { LiveUpdates } from '../live/live-updates.js';

export interface Measured {
  readonly tally: Tally;
  readonly broker: Broker;
  readonly repair: ReportRepair;
  readonly live: LiveUpdates;
}

/** `delivery.taken` as `sluice_delivery_taken_total`. */
export const metricNameOf = (counter: string): string => `sluice_${counter.replaceAll(/[.-]/g, '_')}_total`;

/** Everything that `/metrics` tells. Labels are names that the program chose, never ids or keys. */
export function metricsOf({ tally, broker, repair, live }: Measured): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const [counter, help] of Object.entries(COUNTERS)) {
    new Counter({
      name: metricNameOf(counter),
      help,
      registers,
      collect() {
        this.reset();
        this.inc(tally.get(counter as CounterName));
      },
    });
  }
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  gauge('sluice_broker_ready', '1 while the broker is connected and the topology is in place.', () =>
    Number(broker.state().ready),
  );
  gauge('sluice_broker_blocked', '1 while the broker asks publishers to pause.', () => Number(broker.state().blocked));
  gauge(
    'sluice_topology_faults',
    'Queues and exchanges of the broker that differ from what they should be.',
    () => broker.state().faults?.length ?? 0,
  );
  gauge('sluice_in_hand', 'Node instances that this process works on.', () => repair.underWay().inHand);
  gauge('sluice_leases', 'Handlers that run under a lease of this process.', () => repair.underWay().leases);
  gauge('sluice_commits_waiting', 'Events that wait for their transaction.', () => repair.underWay().waitingCommits);
  gauge(
    'sluice_batches_unconfirmed',
    'Committed batches whose publishes are not confirmed yet.',
    () => repair.underWay().unconfirmed,
  );
  gauge('sluice_event_streams', 'Open event streams.', () => live.watching);
  new Gauge({
    name: 'sluice_lane_depth',
    help: 'Messages that lie ready in a lane; absent while the broker cannot tell.',
    labelNames: ['lane'],
    registers,
    async collect() {
      this.reset();
      for (const { lane, depth } of await repair.lanes()) if (depth !== null) this.set({ lane }, depth);
    },
  });
  new Gauge({
    name: 'sluice_group_engines',
    help: 'Engines of a group that are up, as this one knows; absent while there is one group.',
    labelNames: ['group'],
    registers,
    collect() {
      this.reset();
      for (const { name, up } of repair.groups()) this.set({ group: name }, up);
    },
  });
  return registry;
}
