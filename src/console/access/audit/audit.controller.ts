import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AuditTrail } from '../../../engine/operate/audit/audit-trail.js';
import { Checked } from '../../http/checked.pipe.js';
import { type AuditPage, AuditQuery, auditRow } from './audit-views.js';

/** Who did what, and who was refused. */
@Controller('api/audit')
export class AuditController {
  constructor(@Inject(AuditTrail) private readonly trail: AuditTrail) {}

  @Get()
  async list(
    @Query(new Checked(AuditQuery, 'query')) query: z.output<typeof AuditQuery>,
  ): Promise<z.output<typeof AuditPage>> {
    const { limit, ...given } = query;
    const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const { items, next } = await this.trail.list({ limit, ...wanted });
    return { items: items.map(auditRow), next };
  }
}
