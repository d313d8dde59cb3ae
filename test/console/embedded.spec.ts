import { describe } from 'vitest';
import { Broker } from '../../src/engine/ports/broker.js';
import type { MemoryBroker } from '../../src/memory/memory-broker.js';
import { serveForTest } from '../support/engine/served.js';
import { holdsOverHttp } from './support/whole-suite.js';

describe('the whole application over HTTP, embedded', () => {
  holdsOverHttp(async () => {
    const server = await serveForTest();
    const broker = server.app.get(Broker) as MemoryBroker;
    const send = async (flow: string, body: string, messageId: string): Promise<void> => {
      broker.publishStart(flow, new TextEncoder().encode(body), { messageId });
    };
    return { server, send, close: () => server.stop() };
  });
});
