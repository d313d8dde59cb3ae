import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import type { Result } from '../../core/result.js';
import { CancelDelay } from '../../engine/operate/delays/cancel-delay.js';
import { DispatchViews } from '../../engine/operate/delays/dispatch-views.js';
import { MoveDispatch } from '../../engine/operate/delays/move-dispatch.js';
import type { Refusal } from '../../engine/operate/operate-instance.js';
import { Store } from '../../engine/ports/store.js';
import { Views } from '../../engine/ports/views.js';
import { By } from '../access/asker.js';
import { Checked } from '../http/checked.pipe.js';
import { Problem } from '../http/problem.js';
import { unknownInstance } from '../instances/instances.controller.js';
import { NodePath } from '../requests.js';
import type * as views from '../views.js';
import { type DelayPage, delayRow } from './delay-views.js';
import { CancelDelayBody, DelaysQuery, RescheduleBody } from './routing-requests.js';

const LONGEST_MS = 365 * 86_400_000;

/** What waits for its time, and what an operator does about it. */
@Controller('api')
export class DelaysController {
  constructor(
    @Inject(DispatchViews) private readonly dispatches: DispatchViews,
    @Inject(MoveDispatch) private readonly move: MoveDispatch,
    @Inject(CancelDelay) private readonly cancel: CancelDelay,
    @Inject(Views) private readonly views: Views,
    @Inject(Store) private readonly store: Store,
  ) {}

  @Get('delays')
  async list(
    @Query(new Checked(DelaysQuery, 'query')) { flow, lane, cursor, limit }: z.output<typeof DelaysQuery>,
  ): Promise<z.output<typeof DelayPage>> {
    const { items, next } = await this.dispatches.waiting({
      limit,
      ...(flow !== undefined && { flow }),
      ...(lane !== undefined && { lane }),
      ...(cursor !== undefined && { cursor }),
    });
    return { items: items.map(delayRow), next };
  }

  @Post('instances/:id/nodes/:node/reschedule')
  @HttpCode(202)
  async reschedule(
    @Param(new Checked(NodePath, 'path')) { id, node }: z.output<typeof NodePath>,
    @Body(new Checked(RescheduleBody, 'body')) body: z.output<typeof RescheduleBody>,
    @By() by: string,
  ): Promise<z.output<typeof views.Accepted>> {
    const dueAt = body.dueAt === undefined ? null : Date.parse(body.dueAt);
    if (dueAt !== null && dueAt > (await this.store.now()) + LONGEST_MS) {
      const message = 'expected a time at most a year ahead';
      throw new Problem(422, 'INVALID_REQUEST', 'Expected a time at most a year ahead, but it is later.', {
        violations: [{ pointer: '/dueAt', message }],
      });
    }
    const visit = body.visit ?? (await this.#newest(id, node));
    const dispatch = body.dispatch ?? null;
    return accepted(id, await this.move.execute({ instance: id, node, visit, dispatch, dueAt, by }));
  }

  @Post('instances/:id/nodes/:node/cancel-delay')
  @HttpCode(202)
  async cancelDelay(
    @Param(new Checked(NodePath, 'path')) { id, node }: z.output<typeof NodePath>,
    @Body(new Checked(CancelDelayBody, 'body')) body: z.output<typeof CancelDelayBody>,
    @By() by: string,
  ): Promise<z.output<typeof views.Accepted>> {
    const { dispatch = null, reason } = body;
    const visit = body.visit ?? (await this.#newest(id, node));
    return accepted(id, await this.cancel.execute({ instance: id, node, visit, dispatch, by, reason }));
  }

  async #newest(id: string, node: string): Promise<number> {
    const { items } = await this.views.states([id]);
    return Math.max(1, ...(items[0]?.nodes ?? []).flatMap((row) => (row.node === node ? [row.visit] : [])));
  }
}

function accepted(id: string, answer: Result<null, Refusal>): { readonly id: string } {
  if (answer.ok) return { id };
  const { reason, message } = answer.error;
  if (reason === 'unknown-instance') throw unknownInstance(id);
  const status = reason === 'unknown-node-instance' ? 404 : 409;
  throw new Problem(status, reason.replaceAll('-', '_').toUpperCase(), message);
}
