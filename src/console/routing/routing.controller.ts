import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { z } from 'zod';
import { LANE_NAMES, LANES } from '../../core/routing/lane.js';
import { Router } from '../../engine/health/router.js';
import { InHand } from '../../engine/intake/in-hand.js';
import { Broker } from '../../engine/ports/broker.js';
import { Store } from '../../engine/ports/store.js';
import { Checked } from '../http/checked.pipe.js';
import { iso } from '../instances/write-views.js';
import { NoQuery } from '../requests.js';
import { type LaneList, type SubjectList, subjectRow, type TurnList } from './routing-views.js';

/** What the router of this process goes by. */
@Controller('api/routing')
export class RoutingController {
  constructor(
    @Inject(Router) private readonly router: Router,
    @Inject(Broker) private readonly broker: Broker,
    @Inject(InHand) private readonly inHand: InHand,
    @Inject(Store) private readonly store: Store,
  ) {}

  @Get('subjects')
  subjects(@Query(new Checked(NoQuery, 'query')) _query: unknown): z.output<typeof SubjectList> {
    return this.router.report().map(subjectRow);
  }

  @Get('transitions')
  transitions(@Query(new Checked(NoQuery, 'query')) _query: unknown): z.output<typeof TurnList> {
    return this.router.health.turns.latest.map(({ at, ...turn }) => ({ ...turn, at: iso(at) }));
  }

  @Get('lanes')
  async lanes(@Query(new Checked(NoQuery, 'query')) _query: unknown): Promise<z.output<typeof LaneList>> {
    const { saturated } = this.router.snapshot;
    const [now, earliest] = await Promise.all([this.store.now(), this.store.earliest()]);
    return Promise.all(
      LANE_NAMES.map(async (lane) => ({
        lane,
        depth: await this.broker.depth(lane),
        full: saturated.has(lane),
        inHand: this.inHand.ofLane(lane),
        oldestMs: Math.max(0, now - (earliest.get(LANES[lane]) ?? now)),
        sent: this.router.sentTo(lane),
      })),
    );
  }
}
