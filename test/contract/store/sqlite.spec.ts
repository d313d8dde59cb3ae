import { describeApply } from './apply-contract.js';
import { openSqlite } from './opened.js';

describeApply('SQLite', openSqlite);
