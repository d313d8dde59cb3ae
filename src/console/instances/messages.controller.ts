import { Body, Controller, Headers, Inject, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Json } from '../../core/json.js';
import { SendMessage } from '../../engine/commit/messages/send-message.js';
import { Checked } from '../http/checked.pipe.js';
import { busy, Problem } from '../http/problem.js';
import { readReceipt } from '../http/read-receipt.js';
import { MessageBody, NoQuery } from '../requests.js';
import type * as views from '../views.js';

/** Takes messages for the flows that wait for them. */
@Controller('api/messages')
export class MessagesController {
  constructor(@Inject(SendMessage) private readonly send: SendMessage) {}

  @Post()
  async take(
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Body(new Checked(MessageBody, 'body')) body: z.output<typeof MessageBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof views.Sent>> {
    const id = readReceipt(key);
    const answer = await this.send.execute({
      name: body.name,
      payload: body.payload as Json,
      ...(body.ttlSeconds === undefined ? {} : { ttlMs: body.ttlSeconds * 1_000 }),
      ...(id === undefined ? {} : { id }),
    });
    if (!answer.ok && answer.error.code === 'BUSY') throw busy(answer.error.message);
    if (!answer.ok) throw new Problem(422, answer.error.code, answer.error.message);
    const { duplicate, takenBy, started } = answer.value;
    void reply.status(duplicate ? 200 : 202);
    return {
      id: answer.value.id,
      takenBy,
      ...(started.length > 0 && { started: [...started] }),
      ...(duplicate ? { duplicate } : {}),
    };
  }
}
