import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import type { Override } from '../../../core/routing/rules.js';
import { OrderStore } from '../../../engine/health/orders/order-store.js';
import { OrdersInForce } from '../../../engine/health/orders/orders-in-force.js';
import { Router } from '../../../engine/health/router.js';
import { Store } from '../../../engine/ports/store.js';
import { readRouting } from '../../../language/routing/read-routing.js';
import { By } from '../../access/asker.js';
import { Checked } from '../../http/checked.pipe.js';
import { Problem } from '../../http/problem.js';
import { NoQuery } from '../../requests.js';
import type * as views from '../../views.js';
import { OverrideBody, OverridePath, ReasonBody } from '../routing-requests.js';
import { type OverrideList, type OverrideRow, overrideRow } from '../routing-views.js';

const HOUR_MS = 3_600_000;
/** What lasts longer is a rule. */
const LONGEST_MS = 24 * HOUR_MS;

type Asked = z.output<typeof OverrideBody>;

/** What an operator tells the router, for a while. */
@Controller('api/routing/overrides')
export class OverridesController {
  constructor(
    @Inject(OrderStore) private readonly orders: OrderStore,
    @Inject(OrdersInForce) private readonly inForce: OrdersInForce,
    @Inject(Router) private readonly router: Router,
    @Inject(Store) private readonly store: Store,
  ) {}

  @Get()
  async list(@Query(new Checked(NoQuery, 'query')) _query: unknown): Promise<z.output<typeof OverrideList>> {
    const now = await this.store.now();
    const { overrides } = this.router.snapshot;
    return overrides.filter(({ until }) => until > now).map((one) => this.#row(one));
  }

  @Post()
  async set(
    @Body(new Checked(OverrideBody, 'body')) body: Asked,
    @By() by: string,
  ): Promise<z.output<typeof OverrideRow>> {
    const now = await this.store.now();
    const override = read(body, now);
    const stored = await this.orders.set(override, by);
    await this.inForce.announce();
    return this.#row(stored);
  }

  @Post(':code/remove')
  @HttpCode(200)
  async remove(
    @Param(new Checked(OverridePath, 'path')) { code }: z.output<typeof OverridePath>,
    @Body(new Checked(ReasonBody, 'body')) { reason }: z.output<typeof ReasonBody>,
    @By() by: string,
  ): Promise<z.output<typeof views.Accepted>> {
    const removed = await this.orders.remove(code, by, reason ?? null);
    await this.inForce.announce();
    if (removed) return { id: code };
    const file = this.inForce.current.files.overrides.some((one) => one.code === code);
    const why = file
      ? 'it stands in a file. Delete it there'
      : 'there is none. List them with GET /api/routing/overrides';
    throw new Problem(404, 'UNKNOWN_OVERRIDE', `Expected an override '${code}' that was set over HTTP, but ${why}.`);
  }

  #row(one: Override): z.output<typeof OverrideRow> {
    const stored = this.inForce.current.stored.overrides.find(({ code }) => code === one.code);
    return overrideRow(one, this.router.hitsOf(one.code), stored ?? null);
  }
}

/** The same reader as for files decides what makes sense. */
function read({ code = `o-${randomBytes(4).toString('hex')}`, until, ...body }: Asked, now: number): Override {
  const ends = until === undefined ? now + HOUR_MS : Date.parse(until);
  if (ends <= now || ends > now + LONGEST_MS) {
    const is = ends <= now ? 'it is over' : 'it is later';
    const sentence = `Expected an end within 24 hours from now, but ${is}. What lasts longer is a rule.`;
    throw invalid(sentence, [{ pointer: '/until', message: `expected a time in the next 24 hours, but ${is}` }]);
  }
  const written = { code, ...body, until: new Date(ends).toISOString() };
  const { routing, problems } = readRouting(JSON.stringify({ overrides: [written] }), 'request');
  const [override] = routing?.overrides ?? [];
  if (override) return override;
  const told = problems.map(({ message, hint }) => ({ pointer: '', message: hint ? `${message} ${hint}` : message }));
  throw invalid(told[0]?.message ?? 'Expected an override, but it cannot be read.', told);
}

const invalid = (sentence: string, violations: { pointer: string; message: string }[]): Problem =>
  new Problem(422, 'INVALID_OVERRIDE', sentence, { violations });
