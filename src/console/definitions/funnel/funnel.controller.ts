import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { funnelOf } from '../../../core/testing/funnel.js';
import { Catalog } from '../../../engine/ports/catalog.js';
import { Views } from '../../../engine/ports/views.js';
import { Checked } from '../../http/checked.pipe.js';
import { FlowPath } from '../../requests.js';
import { unknownFlow } from '../definitions.controller.js';
import { FunnelQuery, type FunnelView } from './funnel-views.js';

/** How far the newest instances of a flow came. */
@Controller('api/definitions')
export class FunnelController {
  constructor(
    @Inject(Catalog) private readonly catalog: Catalog,
    @Inject(Views) private readonly views: Views,
  ) {}

  @Get(':flow/funnel')
  async funnel(
    @Param(new Checked(FlowPath, 'path')) { flow }: z.output<typeof FlowPath>,
    @Query(new Checked(FunnelQuery, 'query')) { version, last }: z.output<typeof FunnelQuery>,
  ): Promise<z.output<typeof FunnelView>> {
    const published = await this.catalog.get(flow, version);
    if (!published) throw unknownFlow(flow, version);
    const { definition } = published;
    const page = await this.views.instances({ flow, limit: last });
    const ids = page.items.filter((one) => one.version === definition.version).map(({ id }) => id);
    const { items } = ids.length > 0 ? await this.views.states(ids) : { items: [] };
    const { instances, nodes, edges } = funnelOf(definition, items);
    return {
      flow,
      version: definition.version,
      instances,
      nodes: nodes.map((node) => ({ ...node })),
      edges: edges.flatMap(({ index, taken }) => {
        const edge = definition.edges[index];
        return edge ? [{ from: edge.from, to: edge.to, taken }] : [];
      }),
    };
  }
}
