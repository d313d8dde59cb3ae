import { describeDispatches } from './dispatches-contract.js';
import { describeLanes } from './lanes-contract.js';
import { openSqlite } from './opened.js';
import { describeOrders } from './orders-contract.js';
import { describeStorage } from './suites.js';

describeStorage('SQLite', openSqlite);
describeLanes('SQLite', openSqlite);
describeOrders('SQLite', openSqlite);
describeDispatches('SQLite', openSqlite);
