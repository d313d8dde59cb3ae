import { describeApply } from './apply-contract.js';
import { describeAudit } from './audit-contract.js';
import { describeContention } from './contention-contract.js';
import { describeDefinitions } from './definition-contract.js';
import { describeFences } from './fences-contract.js';
import { describeHealth } from './health-contract.js';
import { describeItems } from './items-contract.js';
import { describeManualTasks } from './manual-tasks-contract.js';
import { describeMessages } from './messages-contract.js';
import type { Open } from './opened.js';
import { describePlays } from './plays-contract.js';
import { describeQuarantine } from './quarantine-contract.js';
import { describeRepair } from './repair-contract.js';
import { describeStart } from './start-contract.js';
import { describeTriggers } from './triggers-contract.js';
import { describeViews } from './views-contract.js';

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
