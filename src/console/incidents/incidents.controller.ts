import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Views } from '../../engine/ports/views.js';
import { Checked } from '../http/checked.pipe.js';
import { incidentRow, iso } from '../instances/write-views.js';
import { PageQuery } from '../requests.js';
import type * as views from '../views.js';

type Asked = z.output<typeof PageQuery>;
const asked = ({ cursor, limit }: Asked) => (cursor === undefined ? { limit } : { cursor, limit });

/** What waits for a person: open incidents, and messages that could not be used. */
@Controller('api')
export class IncidentsController {
  constructor(@Inject(Views) private readonly views: Views) {}

  @Get('incidents')
  async incidents(@Query(new Checked(PageQuery, 'query')) query: Asked): Promise<z.output<typeof views.IncidentPage>> {
    const { items, next } = await this.views.incidents(asked(query));
    return { items: items.map(incidentRow), next };
  }

  @Get('quarantine')
  async quarantine(
    @Query(new Checked(PageQuery, 'query')) query: Asked,
  ): Promise<z.output<typeof views.QuarantinePage>> {
    const { items, next } = await this.views.quarantined(asked(query));
    const rows = items.map((item) => ({
      id: item.id,
      at: iso(item.at),
      source: item.source,
      code: item.code,
      reason: item.reason,
      exchange: item.exchange,
      routingKey: item.routingKey,
      headers: { ...item.headers },
      body: item.body,
      encoding: item.encoding,
      size: item.size,
      sha256: item.sha256,
    }));
    return { items: rows, next };
  }
}
