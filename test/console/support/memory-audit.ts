import { type AuditEntry, type AuditFilter, AuditTrail } from '../../../src/engine/operate/audit/audit-trail.js';
import { Identity } from '../../../src/engine/ports/identity.js';
import type { Page } from '../../../src/engine/ports/views.js';

/** Who did what, in an array. */
export class MemoryAudit extends AuditTrail {
  readonly entries: AuditEntry[] = [];
  away = false;

  async append(entry: Omit<AuditEntry, 'at'>): Promise<void> {
    if (this.away) throw new Error('away');
    this.entries.unshift({ ...entry, at: 1_000 });
  }

  async list({ flow, limit }: AuditFilter): Promise<Page<AuditEntry>> {
    return { items: this.entries.filter((one) => flow === undefined || one.flow === flow).slice(0, limit), next: null };
  }
}

/** Ids in the order in which they were asked for. */
export class CountedIds extends Identity {
  #last = 0;

  next(): string {
    this.#last += 1;
    return `id-${String(this.#last).padStart(6, '0')}`;
  }

  sha256(): string {
    return '0'.repeat(64);
  }
}
