import { describeDispatches } from './dispatches-contract.js';
import { describeLanes } from './lanes-contract.js';
import { describeLimits } from './limits-contract.js';
import { openSqlite } from './opened.js';
import { describeOrders } from './orders-contract.js';
import { describeStorage } from './suites.js';
import { describeTrail } from './trail-contract.js';

describeStorage('SQLite', openSqlite);
describeLanes('SQLite', openSqlite);
describeLimits('SQLite', openSqlite);
describeOrders('SQLite', openSqlite);
describeDispatches('SQLite', openSqlite);
describeTrail('SQLite', openSqlite);
