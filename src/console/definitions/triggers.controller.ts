import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { MISSED, type Ticking } from '../../core/definition/starting/ticks.js';
import type { Trigger } from '../../core/definition/starting/trigger.js';
import { Store } from '../../engine/ports/store.js';
import type { TriggerCount } from '../../engine/start/triggers/trigger-store.js';
import { Triggers } from '../../engine/start/triggers/triggers.js';
import { Checked } from '../http/checked.pipe.js';
import { iso } from '../instances/write-views.js';
import { NoQuery } from '../requests.js';

const count = z.int();
const at = z.string().describe('ISO 8601, UTC.');

export const TriggerRow = z.strictObject({
  code: z.string(),
  title: z.string().nullable(),
  on: z.string().nullable().describe('The name of the message; null: it goes by `cron`.'),
  cron: z
    .strictObject({ text: z.string(), zone: z.string(), missed: z.enum(MISSED), nextAt: at.nullable() })
    .nullable()
    .describe('When it starts by itself, and when next; null: it goes by `on`.'),
  when: z.string().nullable().describe('Its condition; null: always.'),
  flow: z.string().nullable().describe('What it starts; null: plays do.'),
  play: z.string().nullable().describe('The play that it starts by.'),
  playsOf: z.string().nullable().describe('The flow of which it starts every live play.'),
  quota: z.strictObject({ max: count, by: z.string().nullable() }).nullable(),
  window: z.strictObject({ from: at.nullable(), to: at.nullable() }).nullable(),
  counts: z
    .strictObject({
      started: count.describe('Instances that it made.'),
      duplicate: count.describe('Events of which the instance was there before.'),
      passed: count.describe('Events outside its window, or for which its condition did not hold.'),
      over: count.describe('Events for which its quota was used up.'),
      failed: count.describe('Events that could start nothing; they are in the quarantine.'),
    })
    .describe('Of all engines, a few seconds late.'),
  lastAt: at.nullable().describe('When it started something last.'),
});

/** What starts flows. */
@Controller('api/triggers')
export class TriggersController {
  constructor(
    @Inject(Triggers) private readonly triggers: Triggers,
    @Inject(Store) private readonly store: Store,
  ) {}

  @Get()
  async list(@Query(new Checked(NoQuery, 'query')) _query: unknown): Promise<z.output<typeof TriggerRow>[]> {
    const counts = new Map((await this.store.triggers.counts()).map((one) => [one.trigger, one]));
    const now = this.triggers.ticking.length > 0 ? await this.store.now() : 0;
    return this.triggers.all.map((trigger) => triggerRow(trigger, counts.get(trigger.code), now));
  }
}

function triggerRow(trigger: Trigger, counted: TriggerCount | undefined, now: number): z.output<typeof TriggerRow> {
  const { code, title, on, cron, when, flow, quota, window } = trigger;
  const { play } = trigger;
  const { started = 0, duplicate = 0, passed = 0, over = 0, failed = 0, lastAt = null } = counted ?? {};
  return {
    code,
    title,
    on,
    cron: cron && cronRow(cron, now),
    when: when?.text ?? null,
    flow: flow === '' ? null : flow,
    play: play && 'code' in play ? play.code : null,
    playsOf: play && 'of' in play ? play.of : null,
    quota: quota && { max: quota.max, by: quota.by?.text ?? null },
    window: window && { from: momentOf(window.fromMs), to: momentOf(window.toMs) },
    counts: { started, duplicate, passed, over, failed },
    lastAt: lastAt === null ? null : iso(lastAt),
  };
}

function cronRow({ rule, missed }: Ticking, now: number): z.output<typeof TriggerRow>['cron'] {
  const { text, zone } = rule;
  const nextAt = rule.next(now);
  return { text, zone, missed, nextAt: nextAt === null ? null : iso(nextAt) };
}

/** An end that was left out. */
const momentOf = (ms: number): string | null => (Number.isNaN(new Date(ms).getTime()) ? null : iso(ms));
