import { openSqlite } from './opened.js';
import { describeGroups } from './routing/groups-contract.js';
import { describeLanes } from './routing/lanes-contract.js';
import { describeLimits } from './routing/limits-contract.js';
import { describeOrders } from './routing/orders-contract.js';
import { describeStorage } from './suites.js';
import { describeDispatches } from './views/dispatches-contract.js';
import { describeTrail } from './views/trail-contract.js';

describeStorage('SQLite', openSqlite);
describeGroups('SQLite', openSqlite);
describeLanes('SQLite', openSqlite);
describeLimits('SQLite', openSqlite);
describeOrders('SQLite', openSqlite);
describeDispatches('SQLite', openSqlite);
describeTrail('SQLite', openSqlite);
