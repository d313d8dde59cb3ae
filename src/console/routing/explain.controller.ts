import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { z } from 'zod';
import type { FlowNode } from '../../core/definition/definition.js';
import { asksOf, degrades } from '../../core/definition/handlers.js';
import type { Routable } from '../../core/routing/opinion.js';
import { route } from '../../core/routing/route.js';
import { partnerOf, subjectOf } from '../../core/routing/subject.js';
import { OrdersInForce } from '../../engine/health/orders/orders-in-force.js';
import { replayDecisions } from '../../engine/health/orders/replay-decisions.js';
import { routableOf } from '../../engine/health/orders/routable-of.js';
import { Router } from '../../engine/health/router.js';
import { DispatchViews } from '../../engine/operate/delays/dispatch-views.js';
import { Catalog } from '../../engine/ports/catalog.js';
import { Store } from '../../engine/ports/store.js';
import { Views } from '../../engine/ports/views.js';
import { unknownFlow } from '../definitions/definitions.controller.js';
import { Checked } from '../http/checked.pipe.js';
import { Problem } from '../http/problem.js';
import { unknownInstance } from '../instances/instances.controller.js';
import { type ExplainView, explainView, type ReplayView, replayView } from './explain-views.js';
import { ExplainBody, ReplayBody } from './routing-requests.js';
import { readRules } from './rules/rules.controller.js';

type Asked = z.output<typeof ExplainBody>;

/** What the router would say: of a message that is or could be, and of the latest ones under other rules. Changes nothing. */
@Controller('api/routing')
export class ExplainController {
  constructor(
    @Inject(Router) private readonly router: Router,
    @Inject(OrdersInForce) private readonly inForce: OrdersInForce,
    @Inject(Catalog) private readonly catalog: Catalog,
    @Inject(Views) private readonly views: Views,
    @Inject(DispatchViews) private readonly dispatches: DispatchViews,
    @Inject(Store) private readonly store: Store,
  ) {}

  @Post('explain')
  @HttpCode(200)
  async explain(@Body(new Checked(ExplainBody, 'body')) asked: Asked): Promise<z.output<typeof ExplainView>> {
    const known = asked.instance === undefined ? await this.#imagined(asked) : await this.#stored(asked);
    const { attempt, polls, cause, delayMs, tags } = asked;
    const message: Routable = {
      ...known,
      ...(attempt !== undefined && { attempt }),
      ...(polls !== undefined && { polls }),
      ...(cause !== undefined && { cause }),
      ...(delayMs !== undefined && { delayMs }),
      ...(tags !== undefined && { tags }),
      ...subjectAsked(asked, known),
    };
    const { snapshot } = this.router;
    const { lanes, ...apart } = snapshot;
    const draft = asked.source === undefined ? null : readRules(asked.source, 'draft').rules;
    const rules = draft === null ? snapshot.rules : this.inForce.with(draft);
    const decided = route(
      message,
      { ...apart, rules, ...(draft === null && lanes && { lanes }) },
      await this.store.now(),
    );
    return explainView(message, decided, draft === null ? snapshot.rulesVersion : null);
  }

  @Post('replay')
  @HttpCode(200)
  async replay(
    @Body(new Checked(ReplayBody, 'body')) { source, last }: z.output<typeof ReplayBody>,
  ): Promise<z.output<typeof ReplayView>> {
    const rules = this.inForce.with(readRules(source, 'draft').rules);
    const { dispatches: views, catalog } = this;
    return replayView(await replayDecisions({ views, catalog }, rules, last));
  }

  /** A message that is there, in the visit that was meant. */
  async #stored({ instance = '', node, visit }: Asked): Promise<Routable> {
    const state = (await this.views.states([instance])).items[0];
    if (!state) throw unknownInstance(instance);
    const { flow, version } = state.instance;
    const row = state.nodes
      .filter((one) => one.node === node && (visit === undefined || one.visit === visit))
      .sort((a, b) => b.visit - a.visit)[0];
    if (!row) {
      const message = `Expected the instance to have visited '${node ?? ''}', but it has not. Name a node that it came to.`;
      throw new Problem(404, 'UNKNOWN_NODE_INSTANCE', message);
    }
    const published = await this.catalog.get(flow, version);
    return routableOf({ instance, flow, version, node: row }, published?.definition.nodes.get(row.node));
  }

  /** A message that could be. What its definition says of the node is taken from there. */
  async #imagined({ flow = '', node = '', handler, kind, instance: _, ...more }: Asked): Promise<Routable> {
    const published = await this.catalog.get(flow);
    const known: FlowNode | undefined = published?.definition.nodes.get(node);
    // Who says what kind of message it would be may ask about flows that are still to come.
    if (handler === undefined && kind === undefined) {
      if (!published) throw unknownFlow(flow, undefined);
      if (node !== '' && !known) throw unknownNode(flow, node);
    }
    const does = handler ?? (known?.kind === 'task' ? known.handler : null);
    const asks = handler === undefined ? asksOf(known, 1) : [handler];
    const is = kind ?? (does === null && known?.kind === 'timer' ? 'timer' : 'task');
    return {
      kind: is,
      cause: is === 'timer' ? 'timer' : (more.attempt ?? 1) > 1 ? 'retry' : (more.polls ?? 0) > 0 ? 'poll' : 'entered',
      flow,
      node,
      handler: is === 'timer' ? null : does,
      attempt: 1,
      polls: 0,
      delayMs: 0,
      // Decides when a ramp lets it through; an id of nobody.
      id: `${flow}.${node}.1`,
      tags: known?.tags ?? [],
      ...(degrades(known, 1) && { degrades: true }),
      ...(asks !== null && { handlers: asks }),
      subject: is === 'timer' || does === null ? null : partnerOf(does, { flow, node }),
    };
  }
}

const unknownNode = (flow: string, node: string): Problem =>
  new Problem(
    404,
    'UNKNOWN_NODE',
    `Expected a node of '${flow}', but it has no '${node}'. Show it with GET /api/definitions/${flow}.`,
  );

function subjectAsked({ subject, dims }: Asked, { handler, flow, node, kind }: Routable): Partial<Routable> {
  if (subject !== undefined) return { subject };
  const [dim] = Object.entries(dims ?? {});
  if (dim === undefined || kind === 'timer' || handler === null) return {};
  return { subject: subjectOf(partnerOf(handler, { flow, node }), { name: dim[0], value: String(dim[1]) }) };
}
