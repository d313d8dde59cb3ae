import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Views } from '../../engine/ports/views.js';
import { Checked } from '../http/checked.pipe.js';
import { Problem } from '../http/problem.js';
import { NodePath, VisitQuery } from '../requests.js';
import { type WhyView, whyView } from '../routing/routing-views.js';
import { unknownInstance } from './instances.controller.js';

/** Says why a node instance went to its lane. */
@Controller('api/instances/:id/nodes/:node/why')
export class WhyController {
  constructor(@Inject(Views) private readonly views: Views) {}

  @Get()
  async why(
    @Param(new Checked(NodePath, 'path')) { id, node }: z.output<typeof NodePath>,
    @Query(new Checked(VisitQuery, 'query')) { visit }: z.output<typeof VisitQuery>,
  ): Promise<z.output<typeof WhyView>> {
    const { items } = await this.views.states([id]);
    const state = items[0];
    if (!state) throw unknownInstance(id);
    const visits = state.nodes.filter((row) => row.node === node && (visit === undefined || row.visit === visit));
    const row = visits.sort((a, b) => b.visit - a.visit)[0];
    if (row) return whyView(id, row);
    const message = `Expected the instance to have visited '${node}'${visit ? ` ${visit} times` : ''}, but it has not.`;
    throw new Problem(404, 'UNKNOWN_NODE_INSTANCE', `${message} Show it with GET /api/instances/${id}.`);
  }
}
