import type { Instance, InstanceStatus } from '../../core/flow/instance.js';
import {
  type AuditPage,
  type AuditPlace,
  type InstanceFilter,
  type InstanceView,
  type LiveState,
  type ManualTaskFilter,
  type ManualTaskView,
  type OpenIncident,
  type Page,
  type QuarantineFilter,
  type QuarantineView,
  Views,
} from '../../engine/ports/views.js';
import type { Sql } from '../sql/session.js';
import { audit } from './audit.js';
import { listIncidents } from './list-incidents.js';
import { listInstances } from './list-instances.js';
import { listManualTasks } from './list-manual-tasks.js';
import { listQuarantined, showQuarantined } from './list-quarantined.js';
import { showInstance, showStates } from './show-instance.js';

/** What people read, in SQL. */
export class SqlViews extends Views {
  constructor(private readonly sql: Sql) {
    super();
  }

  instances(filter: InstanceFilter): Promise<Page<Instance>> {
    return listInstances(this.sql, filter);
  }

  instance(id: string): Promise<InstanceView | null> {
    return showInstance(this.sql, id);
  }

  states(ids: readonly string[]): Promise<{ readonly now: number; readonly items: readonly LiveState[] }> {
    return showStates(this.sql, ids);
  }

  async counts(): Promise<Readonly<Record<string, Partial<Record<InstanceStatus, number>>>>> {
    const rows = await this.sql.reading((session) =>
      session.rows('SELECT flow, status, COUNT(*) AS many FROM instance GROUP BY flow, status ORDER BY flow, status'),
    );
    const counts: Record<string, Partial<Record<InstanceStatus, number>>> = {};
    for (const row of rows) {
      const flow = String(row['flow']);
      counts[flow] = { ...counts[flow], [String(row['status'])]: Number(row['many']) };
    }
    return counts;
  }

  incidents(page: { readonly cursor?: string; readonly limit: number }): Promise<Page<OpenIncident>> {
    return listIncidents(this.sql, page);
  }

  manualTasks(filter: ManualTaskFilter): Promise<Page<ManualTaskView>> {
    return listManualTasks(this.sql, filter);
  }

  quarantined(filter: QuarantineFilter): Promise<Page<QuarantineView>> {
    return listQuarantined(this.sql, filter);
  }

  quarantinedOne(id: string): Promise<QuarantineView | null> {
    return showQuarantined(this.sql, id);
  }

  audit(statuses: readonly InstanceStatus[], after: AuditPlace | null, limit: number): Promise<AuditPage> {
    return audit(this.sql, statuses, after, limit);
  }
}
