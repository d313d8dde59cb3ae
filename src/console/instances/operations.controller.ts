import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import type { NodeRef } from '../../core/flow/event.js';
import type { Result } from '../../core/result.js';
import { CancelInstance } from '../../engine/operate/cancel-instance.js';
import type { Refusal } from '../../engine/operate/operate-instance.js';
import { PauseInstance } from '../../engine/operate/pause-instance.js';
import { RetryIncidents } from '../../engine/operate/retry-incidents.js';
import { Views } from '../../engine/ports/views.js';
import { By } from '../access/asker.js';
import { Checked } from '../http/checked.pipe.js';
import { Problem } from '../http/problem.js';
import { EmptyBody, InstancePath, RetryBody } from '../requests.js';
import type { Accepted } from '../views.js';
import { unknownInstance } from './instances.controller.js';

/** What an operator does to one instance. Doing it twice is a 409 that says why. */
@Controller('api/instances/:id')
export class OperationsController {
  constructor(
    @Inject(RetryIncidents) private readonly retryIncidents: RetryIncidents,
    @Inject(CancelInstance) private readonly cancelInstance: CancelInstance,
    @Inject(PauseInstance) private readonly pauseInstance: PauseInstance,
    @Inject(Views) private readonly views: Views,
  ) {}

  @Post('retry')
  @HttpCode(202)
  async retry(
    @Param(new Checked(InstancePath, 'path')) { id }: z.output<typeof InstancePath>,
    @Body(new Checked(RetryBody, 'body')) body: z.output<typeof RetryBody>,
    @By() by: string,
  ): Promise<z.output<typeof Accepted>> {
    const only = body.node === undefined ? null : await this.#nodeOf(id, body.node, body.visit);
    return accepted(id, await this.retryIncidents.execute({ instance: id, only, by }));
  }

  @Post('cancel')
  @HttpCode(202)
  async cancel(
    @Param(new Checked(InstancePath, 'path')) { id }: z.output<typeof InstancePath>,
    @Body(new Checked(EmptyBody, 'body')) _body: unknown,
    @By() by: string,
  ): Promise<z.output<typeof Accepted>> {
    return accepted(id, await this.cancelInstance.execute({ instance: id, by }));
  }

  @Post('pause')
  @HttpCode(202)
  async pause(
    @Param(new Checked(InstancePath, 'path')) { id }: z.output<typeof InstancePath>,
    @Body(new Checked(EmptyBody, 'body')) _body: unknown,
    @By() by: string,
  ): Promise<z.output<typeof Accepted>> {
    return accepted(id, await this.pauseInstance.pause({ instance: id, by }));
  }

  @Post('resume')
  @HttpCode(202)
  async resume(
    @Param(new Checked(InstancePath, 'path')) { id }: z.output<typeof InstancePath>,
    @Body(new Checked(EmptyBody, 'body')) _body: unknown,
    @By() by: string,
  ): Promise<z.output<typeof Accepted>> {
    return accepted(id, await this.pauseInstance.resume({ instance: id, by }));
  }

  /** The visit that was meant: the one named, else the newest that is an incident, else the first. */
  async #nodeOf(id: string, node: string, visit: number | undefined): Promise<NodeRef> {
    if (visit !== undefined) return { node, visit };
    const { items } = await this.views.states([id]);
    const failed = items.flatMap((state) => state.nodes).filter((at) => at.node === node && at.status === 'incident');
    return { node, visit: Math.max(1, ...failed.map((at) => at.visit)) };
  }
}

function accepted(id: string, answer: Result<null, Refusal>): z.output<typeof Accepted> {
  if (answer.ok) return { id };
  const { reason, message } = answer.error;
  if (reason === 'unknown-instance') throw unknownInstance(id);
  throw new Problem(409, reason.replaceAll('-', '_').toUpperCase(), message);
}
