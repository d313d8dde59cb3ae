import { Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { SendMessage } from '../../engine/commit/messages/send-message.js';
import type { Clock } from '../../engine/ports/clock.js';
import type { HandlerRegistry } from '../../worker/handler-registry.js';
import { tasksOf } from '../../worker/task.decorator.js';
import { CampaignPartners } from './campaign-partners.js';
import { LendingPartners } from './lending-partners.js';
import { MoneyPartners } from './money-partners.js';
import { Pace } from './pace.js';
import { NOBODY_LISTENS, Post } from './post.js';
import { ShopPartners } from './shop-partners.js';

/** Looks for the engine only when there is something to send: the engine itself is made of these handlers. */
const letterBox = (modules: ModuleRef): Post => ({
  send: async (name, payload, id) => modules.get(SendMessage, { strict: false }).execute({ name, payload, id }),
});

/** Simulated partners for every flow in `definitions/`. Expects the application to provide a `Clock` globally. */
@Module({
  providers: [
    Pace,
    { provide: Post, inject: [ModuleRef], useFactory: letterBox },
    ShopPartners,
    LendingPartners,
    MoneyPartners,
    CampaignPartners,
  ],
})
export class DemoModule {}

/** The same without Nest. */
export function registerDemo(registry: HandlerRegistry, clock: Clock, post: Post = NOBODY_LISTENS): HandlerRegistry {
  const pace = new Pace(clock);
  const others = [ShopPartners, MoneyPartners, CampaignPartners].map((Partners) => new Partners(pace));
  for (const partners of [...others, new LendingPartners(pace, post)]) {
    for (const { name, handler, place } of tasksOf(partners)) registry.register(name, handler, place);
  }
  return registry;
}
