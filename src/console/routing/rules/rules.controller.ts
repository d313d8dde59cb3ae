import { createHash } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type NewRules, OrderStore, type StoredRules } from '../../../engine/health/orders/order-store.js';
import { OrdersInForce } from '../../../engine/health/orders/orders-in-force.js';
import { Router } from '../../../engine/health/router.js';
import { type ReadRouting, readRouting } from '../../../language/routing/read-routing.js';
import { By } from '../../access/asker.js';
import { placedProblem } from '../../definitions/placed-problem.js';
import { Checked } from '../../http/checked.pipe.js';
import { Problem } from '../../http/problem.js';
import { NoQuery, PageQuery } from '../../requests.js';
import { ReasonBody, RulesBody, RulesPath } from '../routing-requests.js';
import { overrideRow, type PublishedRules, type RuleList, ruleRow } from '../routing-views.js';
import { changeRow, type RoutingChangePage, type RulesPage, type RulesView, rulesRow } from './order-views.js';

type Asked = z.output<typeof PageQuery>;
const asked = ({ cursor, limit }: Asked) => (cursor === undefined ? { limit } : { cursor, limit });

/** The rules that a business publishes, version by version, and who changed what. */
@Controller('api/routing')
export class RulesController {
  constructor(
    @Inject(OrderStore) private readonly orders: OrderStore,
    @Inject(OrdersInForce) private readonly inForce: OrdersInForce,
    @Inject(Router) private readonly router: Router,
  ) {}

  @Get('rules')
  list(@Query(new Checked(NoQuery, 'query')) _query: unknown): z.output<typeof RuleList> {
    const { rules, overrides, rulesVersion } = this.router.snapshot;
    const { stored, rules: published } = this.inForce.current;
    const fromHttp = new Set(published.map(({ code }) => code));
    const signed = new Map(stored.overrides.map((one) => [one.code, one]));
    const hitsOf = (code: string): number => this.router.hitsOf(code);
    return {
      version: rulesVersion,
      published: stored.rules && rulesRow(stored.rules),
      rules: rules.map((rule) => ruleRow(rule, hitsOf(rule.code), fromHttp.has(rule.code) ? 'http' : 'file')),
      overrides: overrides.map((one) => overrideRow(one, hitsOf(one.code), signed.get(one.code) ?? null)),
    };
  }

  @Post('rules')
  async publish(
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
    @Body() body: unknown,
    @By() by: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof PublishedRules>> {
    const sent = typeof body === 'string' ? { source: body } : body;
    const { source, note = null } = new Checked(RulesBody, 'body').transform(sent);
    const read = readRules(source, 'request');
    const { rules, created } = await this.#store({ source, note, restores: null, by });
    void reply.status(created ? 201 : 200);
    return { version: rules.version, rules: read.count, problems: read.problems.map(placedProblem) };
  }

  @Get('rules/versions')
  async versions(@Query(new Checked(PageQuery, 'query')) query: Asked): Promise<z.output<typeof RulesPage>> {
    const { items, next } = await this.orders.versions(asked(query));
    return { items: items.map(rulesRow), next };
  }

  @Get('rules/versions/:version')
  async version(
    @Param(new Checked(RulesPath, 'path')) { version }: z.output<typeof RulesPath>,
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
  ): Promise<z.output<typeof RulesView>> {
    const stored = await this.#find(version);
    return { ...rulesRow(stored), source: stored.source };
  }

  @Post('rules/versions/:version/restore')
  @HttpCode(200)
  async restore(
    @Param(new Checked(RulesPath, 'path')) { version }: z.output<typeof RulesPath>,
    @Body(new Checked(ReasonBody, 'body')) { reason }: z.output<typeof ReasonBody>,
    @By() by: string,
  ): Promise<z.output<typeof PublishedRules>> {
    const { source } = await this.#find(version);
    // What an older program took may be refused by this one.
    const read = readRules(source, `rules v${version}`);
    const { rules } = await this.#store({ source, note: reason ?? null, restores: version, by });
    return { version: rules.version, rules: read.count, problems: read.problems.map(placedProblem) };
  }

  @Get('changes')
  async changes(@Query(new Checked(PageQuery, 'query')) query: Asked): Promise<z.output<typeof RoutingChangePage>> {
    const { items, next } = await this.orders.changes(asked(query));
    return { items: items.map(changeRow), next };
  }

  async #store(
    rules: Pick<NewRules, 'source' | 'note' | 'restores' | 'by'>,
  ): Promise<{ rules: StoredRules; created: boolean }> {
    const sha256 = createHash('sha256').update(rules.source).digest('hex');
    const answer = await this.orders.publish({ ...rules, sha256 });
    await this.inForce.announce();
    return answer;
  }

  async #find(version: number): Promise<StoredRules> {
    const stored = await this.orders.rules(version);
    if (stored) return stored;
    const list = 'List them with GET /api/routing/rules/versions.';
    throw new Problem(404, 'UNKNOWN_RULES', `Expected a version of the rules, but there is no ${version}. ${list}`);
  }
}

/** @throws with all problems, at their places, when one is an error. */
export function readRules(
  source: string,
  file: string,
): { readonly count: number; readonly rules: NonNullable<ReadRouting['routing']>['rules'] } & Pick<
  ReadRouting,
  'problems'
> {
  const { routing, problems } = readRouting(source, file, 'rules');
  if (routing) return { count: routing.rules.length, rules: routing.rules, problems };
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const sentence = `Expected sound rules, but there ${errors === 1 ? 'is 1 error' : `are ${errors} errors`}. What was in force stays.`;
  throw new Problem(422, 'INVALID_RULES', sentence, { members: { problems: problems.map(placedProblem) } });
}
