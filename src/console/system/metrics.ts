import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Broker } from '../../engine/ports/broker.js';
import type { Tally } from '../../engine/tally.js';
import type { LiveUpdates } from '../live/live-updates.js';

/** Everything that `/metrics` tells. Labels are names that the program chose, never ids or keys. */
export function metricsOf(tally: Tally, broker: Broker, live: LiveUpdates): Registry {
  const registers = [new Registry()];
  const registry = registers[0] as Registry;
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'sluice_engine_total',
    help: 'What this engine process has counted, by name.',
    labelNames: ['name'],
    registers,
    collect() {
      this.reset();
      for (const [name, value] of Object.entries(tally.all())) this.inc({ name }, value);
    },
  });
  new Gauge({
    name: 'sluice_broker_ready',
    help: '1 while the broker is connected and the topology is in place.',
    registers,
    collect() {
      this.set(broker.state().ready ? 1 : 0);
    },
  });
  new Gauge({
    name: 'sluice_event_streams',
    help: 'Open event streams.',
    registers,
    collect() {
      this.set(live.watching);
    },
  });
  return registry;
}
