import { openSqlite } from './opened.js';
import { describeStorage } from './suites.js';

describeStorage('SQLite', openSqlite);
