import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Broker } from '../../engine/ports/broker.js';
import { ReportRepair } from '../../engine/repair/report-repair.js';
import { Checked } from '../http/checked.pipe.js';
import { NoQuery } from '../requests.js';
import type { Live, Ready } from '../views.js';
import { Readiness } from './readiness.js';

/** For those who restart and route: public, so it tells nothing but up and down. */
@Controller('health')
export class HealthController {
  constructor(
    @Inject(ReportRepair) private readonly report: ReportRepair,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(Readiness) private readonly readiness: Readiness,
  ) {}

  /** The process answers. */
  @Get('live')
  live(@Query(new Checked(NoQuery, 'query')) _query: unknown): z.output<typeof Live> {
    return { status: 'up' };
  }

  /** The process can do its work: 503 while it stops, and while the database takes no writes or the broker is away. */
  @Get('ready')
  async ready(
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof Ready>> {
    const database = (await this.report.databaseMs()) === null ? 'down' : 'up';
    const { ready, faults } = this.broker.state();
    const broker = ready ? 'up' : 'down';
    const status = this.readiness.taking && database === 'up' && broker === 'up' ? 'up' : 'down';
    void reply.status(status === 'up' ? 200 : 503).header('cache-control', 'no-store');
    return { status, database, broker, ...(faults && { topology: 'faulty' as const }) };
  }
}
