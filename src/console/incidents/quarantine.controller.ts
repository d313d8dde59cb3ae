import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { DiscardQuarantined, type QuarantineRefusal } from '../../engine/operate/quarantine/discard-quarantined.js';
import { ReplayQuarantined } from '../../engine/operate/quarantine/replay-quarantined.js';
import { type QuarantineView as Kept, Views } from '../../engine/ports/views.js';
import { By } from '../access/asker.js';
import { Checked } from '../http/checked.pipe.js';
import { busy, Problem } from '../http/problem.js';
import { iso } from '../instances/write-views.js';
import { EmptyBody, NoQuery, QuarantinePath, QuarantineQuery } from '../requests.js';
import type * as views from '../views.js';

type Path = z.output<typeof QuarantinePath>;

/** Messages that could not be used: to be read, replayed and discarded. */
@Controller('api/quarantine')
export class QuarantineController {
  constructor(
    @Inject(Views) private readonly views: Views,
    @Inject(ReplayQuarantined) private readonly replays: ReplayQuarantined,
    @Inject(DiscardQuarantined) private readonly discards: DiscardQuarantined,
  ) {}

  @Get()
  async list(
    @Query(new Checked(QuarantineQuery, 'query')) query: z.output<typeof QuarantineQuery>,
  ): Promise<z.output<typeof views.QuarantinePage>> {
    const { cursor, ...rest } = query;
    const { items, next } = await this.views.quarantined(cursor === undefined ? rest : { ...rest, cursor });
    return { items: items.map(keptView), next };
  }

  @Get(':id')
  async one(
    @Param(new Checked(QuarantinePath, 'path')) { id }: Path,
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
  ): Promise<z.output<typeof views.QuarantineView>> {
    const kept = await this.views.quarantinedOne(id);
    if (kept) return keptView(kept);
    throw refused({
      reason: 'unknown-quarantined',
      message: `Expected the id of a kept message, but there is none with ${id}. List them with GET /api/quarantine.`,
    });
  }

  @Post(':id/replay')
  @HttpCode(200)
  async replay(
    @Param(new Checked(QuarantinePath, 'path')) { id }: Path,
    @Body(new Checked(EmptyBody, 'body')) _body: unknown,
    @By() by: string,
  ): Promise<z.output<typeof views.Replayed>> {
    const answer = await this.replays.execute({ id, by });
    if (!answer.ok) throw refused(answer.error);
    return { id, instance: answer.value.instance };
  }

  @Post(':id/discard')
  @HttpCode(200)
  async discard(
    @Param(new Checked(QuarantinePath, 'path')) { id }: Path,
    @Body(new Checked(EmptyBody, 'body')) _body: unknown,
    @By() by: string,
  ): Promise<z.output<typeof views.Accepted>> {
    const answer = await this.discards.execute({ id, by });
    if (!answer.ok) throw refused(answer.error);
    return { id };
  }
}

function refused({ reason, message }: QuarantineRefusal): Problem {
  if (reason === 'busy') return busy(message);
  const status = reason === 'unknown-quarantined' ? 404 : reason === 'still-refused' ? 422 : 409;
  return new Problem(status, reason.replaceAll('-', '_').toUpperCase(), message);
}

const keptView = (kept: Kept): z.output<typeof views.QuarantineView> => ({
  id: kept.id,
  at: iso(kept.at),
  source: kept.source,
  code: kept.code,
  reason: kept.reason,
  exchange: kept.exchange,
  routingKey: kept.routingKey,
  headers: { ...kept.headers },
  body: kept.body,
  encoding: kept.encoding,
  size: kept.size,
  sha256: kept.sha256,
  state: kept.state,
  replays: kept.replays,
  handledBy: kept.handledBy,
  handledAt: kept.handledAt === null ? null : iso(kept.handledAt),
});
