import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { SettleParticipant } from '../../../engine/operate/parts/settle-participant.js';
import { By } from '../../access/asker.js';
import { Checked } from '../../http/checked.pipe.js';
import { Problem } from '../../http/problem.js';
import { InstancePath } from '../../requests.js';
import type { Accepted } from '../../views.js';
import { unknownInstance } from '../instances.controller.js';
import { SettleBody } from './settle-body.js';

/** What a person settles in place of a participant that cannot be reached. */
@Controller('api/instances/:id/settle')
export class PartsController {
  constructor(@Inject(SettleParticipant) private readonly settleParticipant: SettleParticipant) {}

  @Post()
  @HttpCode(202)
  async settle(
    @Param(new Checked(InstancePath, 'path')) { id }: z.output<typeof InstancePath>,
    @Body(new Checked(SettleBody, 'body')) body: z.output<typeof SettleBody>,
    @By() by: string,
  ): Promise<z.output<typeof Accepted>> {
    const { node, participant, visit, reason } = body;
    const answer = await this.settleParticipant.execute({
      instance: id,
      node,
      by,
      reason,
      ...(participant !== undefined && { participant }),
      ...(visit !== undefined && { visit }),
    });
    if (answer.ok) return { id };
    const { reason: why, message } = answer.error;
    if (why === 'unknown-instance') throw unknownInstance(id);
    throw new Problem(409, why.replaceAll('-', '_').toUpperCase(), message);
  }
}
