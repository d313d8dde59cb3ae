import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Views } from '../../engine/ports/views.js';
import { Checked } from '../http/checked.pipe.js';
import { incidentRow } from '../instances/write-views.js';
import { PageQuery } from '../requests.js';
import type * as views from '../views.js';

type Asked = z.output<typeof PageQuery>;
const asked = ({ cursor, limit }: Asked) => (cursor === undefined ? { limit } : { cursor, limit });

/** What waits for a person. */
@Controller('api')
export class IncidentsController {
  constructor(@Inject(Views) private readonly views: Views) {}

  @Get('incidents')
  async incidents(@Query(new Checked(PageQuery, 'query')) query: Asked): Promise<z.output<typeof views.IncidentPage>> {
    const { items, next } = await this.views.incidents(asked(query));
    return { items: items.map(incidentRow), next };
  }
}
