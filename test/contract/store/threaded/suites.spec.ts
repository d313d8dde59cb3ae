import { openThreaded } from '../opened.js';
import { describeGroups } from '../routing/groups-contract.js';
import { describeLanes } from '../routing/lanes-contract.js';
import { describeLimits } from '../routing/limits-contract.js';
import { describeOrders } from '../routing/orders-contract.js';
import { describeStorage } from '../suites.js';
import { describeDispatches } from '../views/dispatches-contract.js';
import { describeTrail } from '../views/trail-contract.js';

describeStorage('SQLite in a thread', openThreaded);
describeGroups('SQLite in a thread', openThreaded);
describeLanes('SQLite in a thread', openThreaded);
describeLimits('SQLite in a thread', openThreaded);
describeOrders('SQLite in a thread', openThreaded);
describeDispatches('SQLite in a thread', openThreaded);
describeTrail('SQLite in a thread', openThreaded);
