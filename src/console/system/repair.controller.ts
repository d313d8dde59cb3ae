import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { ReportRepair } from '../../engine/repair/report-repair.js';
import { RepublishAll } from '../../engine/repair/republish-all.js';
import { Checked } from '../http/checked.pipe.js';
import { EmptyBody, NoQuery } from '../requests.js';
import { type RepairView, type RepublishedView, repairView } from './repair-view.js';

/** How this engine keeps itself right, and what an operator can make it do at once. */
@Controller('api/repair')
export class RepairController {
  constructor(
    @Inject(ReportRepair) private readonly report: ReportRepair,
    @Inject(RepublishAll) private readonly republishAll: RepublishAll,
  ) {}

  @Get()
  async show(@Query(new Checked(NoQuery, 'query')) _query: unknown): Promise<z.output<typeof RepairView>> {
    return repairView(await this.report.execute());
  }

  @Post('republish')
  @HttpCode(200)
  async republish(@Body(new Checked(EmptyBody, 'body')) _body: unknown): Promise<z.output<typeof RepublishedView>> {
    return { dispatches: await this.republishAll.execute() };
  }
}
