import { openServer } from './opened.js';
import { describeOrders } from './orders-contract.js';
import { describeStorage } from './suites.js';

describeStorage('server', openServer);
describeOrders('server', openServer);
