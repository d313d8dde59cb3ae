import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { z } from 'zod';
import { groupOf } from '../../core/routing/lane.js';
import { KeepLanes } from '../../engine/health/lanes/keep-lanes.js';
import { Router } from '../../engine/health/router.js';
import { InHand } from '../../engine/intake/in-hand.js';
import { Broker } from '../../engine/ports/broker.js';
import { Store } from '../../engine/ports/store.js';
import { Checked } from '../http/checked.pipe.js';
import { iso } from '../instances/write-views.js';
import { NoQuery } from '../requests.js';
import { type GroupList, type LaneList, type SubjectList, subjectRow, type TurnList } from './routing-views.js';

/** What the router of this process goes by. */
@Controller('api/routing')
export class RoutingController {
  constructor(
    @Inject(Router) private readonly router: Router,
    @Inject(KeepLanes) private readonly keep: KeepLanes,
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

  @Get('groups')
  async groups(@Query(new Checked(NoQuery, 'query')) _query: unknown): Promise<z.output<typeof GroupList>> {
    const { all, groups } = this.keep;
    if (!groups) return [];
    const [reports, now] = await Promise.all([groups.fresh(), this.store.now()]);
    const earliest = await this.store.earliest(all.map(({ number }) => number));
    return Promise.all(
      reports.map(async ({ name, upUntil, handlers, up }) => {
        const lanes = all.filter(({ lane }) => groupOf(lane) === name);
        const depths = await Promise.all(lanes.map(({ lane }) => this.broker.depth(lane)));
        const due = Math.min(now, ...lanes.map(({ number }) => earliest.get(number) ?? now));
        return {
          group: name,
          own: name === groups.group,
          up,
          upUntil: iso(upUntil),
          handlers: [...handlers],
          ready: depths.reduce((sum, depth) => (sum === null || depth === null ? null : sum + depth), 0),
          oldestMs: now - due,
        };
      }),
    );
  }

  @Get('lanes')
  async lanes(@Query(new Checked(NoQuery, 'query')) _query: unknown): Promise<z.output<typeof LaneList>> {
    const { saturated } = this.router.snapshot;
    const { all, named } = this.keep;
    const [now, earliest] = await Promise.all([this.store.now(), this.store.earliest(all.map(({ number }) => number))]);
    const isClosing = (name: string): boolean => named.some((one) => one.name === name && one.state === 'closing');
    return Promise.all(
      all.map(async ({ lane, number }) => ({
        lane,
        depth: await this.broker.depth(lane),
        full: saturated.has(lane),
        inHand: this.inHand.ofLane(lane),
        oldestMs: Math.max(0, now - (earliest.get(number) ?? now)),
        state: isClosing(lane) ? ('closing' as const) : ('open' as const),
        places: named.find(({ name }) => name === lane)?.concurrency ?? null,
        sent: this.router.sentTo(lane),
      })),
    );
  }
}
