import { Module } from '@nestjs/common';
import type { Clock } from '../engine/ports/clock.js';
import type { HandlerRegistry } from '../worker/handler-registry.js';
import { tasksOf } from '../worker/task.decorator.js';
import { CampaignPartners } from './campaign-partners.js';
import { LendingPartners } from './lending-partners.js';
import { MoneyPartners } from './money-partners.js';
import { Pace } from './pace.js';
import { ShopPartners } from './shop-partners.js';

/** Simulated partners for every flow in `definitions/`. Expects the application to provide a `Clock` globally. */
@Module({ providers: [Pace, ShopPartners, LendingPartners, MoneyPartners, CampaignPartners] })
export class DemoModule {}

/** The same without Nest. */
export function registerDemo(registry: HandlerRegistry, clock: Clock): HandlerRegistry {
  const pace = new Pace(clock);
  const all = [ShopPartners, LendingPartners, MoneyPartners, CampaignPartners].map((Partners) => new Partners(pace));
  for (const partners of all) {
    for (const { name, handler, place } of tasksOf(partners)) registry.register(name, handler, place);
  }
  return registry;
}
