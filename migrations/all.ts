import { CreateTables1763683200000 } from './1763683200000-create-tables.js';
import { AddReceipts1763769600000 } from './1763769600000-add-receipts.js';
import { UsualNodeValues1763856000000 } from './1763856000000-usual-node-values.js';
import { ShareHealth1763856100000 } from './1763856100000-share-health.js';
import { AddRoutingOrders1763856200000 } from './1763856200000-add-routing-orders.js';
import { AddMessages1763856300000 } from './1763856300000-add-messages.js';
import { AddSignals1763856400000 } from './1763856400000-add-signals.js';
import { AddManualTasks1763942400000 } from './1763942400000-add-manual-tasks.js';
import { AddLanes1763942500000 } from './1763942500000-add-lanes.js';
import { AddActiveVersions1764028800000 } from './1764028800000-add-active-versions.js';
import { AddTriggers1764115200000 } from './1764115200000-add-triggers.js';
import { AddLimits1764115300000 } from './1764115300000-add-limits.js';
import { AddTicks1764201700000 } from './1764201700000-add-ticks.js';
import { AddPlays1764201800000 } from './1764201800000-add-plays.js';
import { AddPinnedKinds1764288000000 } from './1764288000000-add-pinned-kinds.js';
import { AddAudit1764288100000 } from './1764288100000-add-audit.js';
import { AddFences1764288200000 } from './1764288200000-add-fences.js';
import { AddEngines1764374400000 } from './1764374400000-add-engines.js';

/** Every migration, in order. Classes and not file patterns, so that a build cannot lose one. */
export const migrations = [
  CreateTables1763683200000,
  AddReceipts1763769600000,
  UsualNodeValues1763856000000,
  ShareHealth1763856100000,
  AddRoutingOrders1763856200000,
  AddMessages1763856300000,
  AddSignals1763856400000,
  AddManualTasks1763942400000,
  AddLanes1763942500000,
  AddActiveVersions1764028800000,
  AddTriggers1764115200000,
  AddLimits1764115300000,
  AddTicks1764201700000,
  AddPinnedKinds1764288000000,
  AddAudit1764288100000,
  AddPlays1764201800000,
  AddFences1764288200000,
  AddEngines1764374400000,
];
