import { describeDispatches } from './dispatches-contract.js';
import { describeLanes } from './lanes-contract.js';
import { describeLimits } from './limits-contract.js';
import { openServer } from './opened.js';
import { describeOrders } from './orders-contract.js';
import { describeStorage } from './suites.js';
import { describeTrail } from './trail-contract.js';

describeStorage('server', openServer);
describeLanes('server', openServer);
describeLimits('server', openServer);
describeOrders('server', openServer);
describeDispatches('server', openServer);
describeTrail('server', openServer);
