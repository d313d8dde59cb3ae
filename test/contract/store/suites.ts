import { describeApply } from './instances/apply-contract.js';
import { describeAudit } from './instances/audit-contract.js';
import { describeContention } from './instances/contention-contract.js';
import { describeFences } from './instances/fences-contract.js';
import { describeItems } from './instances/items-contract.js';
import { describeMessages } from './instances/messages-contract.js';
import { describeQuarantine } from './instances/quarantine-contract.js';
import { describeRepair } from './instances/repair-contract.js';
import { describeStart } from './instances/start-contract.js';
import type { Open } from './opened.js';
import { describeHealth } from './routing/health-contract.js';
import { describeDefinitions } from './starting/definition-contract.js';
import { describePlays } from './starting/plays-contract.js';
import { describeTriggers } from './starting/triggers-contract.js';
import { describeManualTasks } from './views/manual-tasks-contract.js';
import { describeViews } from './views/views-contract.js';

/** One contract per port: Store, DefinitionStore, Views, HealthStore. */
export function describeStorage(name: string, open: Open): void {
  describeApply(name, open);
  describeContention(name, open);
  describeStart(name, open);
  describeRepair(name, open);
  describeDefinitions(name, open);
  describeViews(name, open);
  describeQuarantine(name, open);
  describeAudit(name, open);
  describeHealth(name, open);
  describeItems(name, open);
  describeMessages(name, open);
  describeManualTasks(name, open);
  describeTriggers(name, open);
  describePlays(name, open);
  describeFences(name, open);
}
