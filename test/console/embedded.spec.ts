import { describe } from 'vitest';
import { serveForTest } from '../support/engine/served.js';
import { holdsOverHttp } from './support/whole-suite.js';

describe('the whole application over HTTP, embedded', () => {
  holdsOverHttp(async () => {
    const server = await serveForTest();
    return { server, close: () => server.stop() };
  });
});
