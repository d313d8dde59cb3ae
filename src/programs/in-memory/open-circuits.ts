import { CLOSED } from '../../core/routing/health/circuit.js';
import { UNKNOWN_LATENCY } from '../../core/routing/health/latency.js';
import type { FlowTestCase } from '../../core/testing/flow-test.js';
import type { Health } from '../../engine/health/health.js';
import type { Clock } from '../../engine/ports/clock.js';

/** Opens circuits from now on, each for as long as is said, and closes them then without probes. */
export function openCircuits(health: Health, circuits: FlowTestCase['circuits'], clock: Clock): void {
  const since = clock.now();
  for (const [subject, lengthMs] of Object.entries(circuits)) {
    const known = { subject, latency: UNKNOWN_LATENCY, version: 1 };
    const cause = 'the test says so';
    health.adopt({ ...known, circuit: { state: 'open', since, until: since + lengthMs, opens: 1, cause } }, since);
    clock.schedule(lengthMs, () => health.adopt({ ...known, circuit: CLOSED }, clock.now()));
  }
}
