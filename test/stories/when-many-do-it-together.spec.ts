import { MemoryBroker } from '../../src/memory/memory-broker.js';
import { SystemClock } from '../../src/memory/system-clock.js';
import { openSqlite } from '../contract/store/opened.js';
import { togetherOn } from '../support/engine/together.js';

togetherOn('embedded', async () => ({ opened: await openSqlite(), broker: new MemoryBroker(new SystemClock()) }));
