import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { By } from '../access/asker.js';
import { Checked } from '../http/checked.pipe.js';
import { EventsQuery } from '../requests.js';
import { LiveUpdates } from './live-updates.js';

/** The event stream of browsers (and of `curl -N`). Read it with `fetch`: an EventSource cannot send the token. */
@Controller('api/events')
export class EventsController {
  constructor(@Inject(LiveUpdates) private readonly live: LiveUpdates) {}

  @Get()
  open(
    @Query(new Checked(EventsQuery, 'query')) { topics }: z.output<typeof EventsQuery>,
    @By() by: string,
    @Res() reply: FastifyReply,
  ): void {
    const watcher = this.live.open(by, topics);
    watcher.behind = () => reply.raw.writableLength;
    reply.raw.once('close', () => watcher.stream.destroy());
    void reply
      .status(200)
      .headers({
        'content-type': 'text/event-stream; charset=utf-8',
        // An ended stream closes its connection, so that a stop waits for no idle socket.
        connection: 'close',
        'x-accel-buffering': 'no',
      })
      .send(watcher.stream);
  }
}
