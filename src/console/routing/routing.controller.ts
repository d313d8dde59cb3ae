import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { z } from 'zod';
import { LANE_NAMES } from '../../core/routing/lane.js';
import { Router } from '../../engine/health/router.js';
import { Broker } from '../../engine/ports/broker.js';
import { Checked } from '../http/checked.pipe.js';
import { NoQuery } from '../requests.js';
import { type LaneList, type SubjectList, subjectRow } from './routing-views.js';

/** What the router of this process goes by. */
@Controller('api/routing')
export class RoutingController {
  constructor(
    @Inject(Router) private readonly router: Router,
    @Inject(Broker) private readonly broker: Broker,
  ) {}

  @Get('subjects')
  subjects(@Query(new Checked(NoQuery, 'query')) _query: unknown): z.output<typeof SubjectList> {
    return this.router.report().map(subjectRow);
  }

  @Get('lanes')
  async lanes(@Query(new Checked(NoQuery, 'query')) _query: unknown): Promise<z.output<typeof LaneList>> {
    const { saturated } = this.router.snapshot;
    return Promise.all(
      LANE_NAMES.map(async (lane) => ({ lane, depth: await this.broker.depth(lane), full: saturated.has(lane) })),
    );
  }
}
