import { openServer } from './opened.js';
import { describeGroups } from './routing/groups-contract.js';
import { describeLanes } from './routing/lanes-contract.js';
import { describeLimits } from './routing/limits-contract.js';
import { describeOrders } from './routing/orders-contract.js';
import { describeStorage } from './suites.js';
import { describeDispatches } from './views/dispatches-contract.js';
import { describeTrail } from './views/trail-contract.js';

describeStorage('server', openServer);
describeGroups('server', openServer);
describeLanes('server', openServer);
describeLimits('server', openServer);
describeOrders('server', openServer);
describeDispatches('server', openServer);
describeTrail('server', openServer);
