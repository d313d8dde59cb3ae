import { MemoryHealthBus } from '../../../src/memory/health/memory-health-bus.js';
import { healthBusContract } from './stage/health-suite.js';

healthBusContract('words about health inside the process', async () => {
  const bus = new MemoryHealthBus();
  return { one: bus, other: bus, end: async () => {} };
});
