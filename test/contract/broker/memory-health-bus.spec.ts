import { MemoryHealthBus } from '../../../src/memory/health/memory-health-bus.js';
import { MemoryOrdersBus } from '../../../src/memory/health/memory-orders-bus.js';
import { healthBusContract } from './stage/health-suite.js';
import { ordersBusContract } from './stage/orders-bus-suite.js';

healthBusContract('words about health inside the process', async () => {
  const bus = new MemoryHealthBus();
  return { one: bus, other: bus, end: async () => {} };
});

ordersBusContract('words about orders inside the process', async () => {
  const bus = new MemoryOrdersBus();
  return { one: bus, other: bus, end: async () => {} };
});
