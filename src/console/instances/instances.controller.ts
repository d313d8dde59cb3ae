import { Body, Controller, Get, Header, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { instanceDiagram } from '../../core/diagram/mermaid.js';
import { Catalog } from '../../engine/ports/catalog.js';
import { type InstanceView, Views } from '../../engine/ports/views.js';
import type { StartRefusal } from '../../engine/start/refusal.js';
import { StartInstance } from '../../engine/start/start-instance.js';
import { Checked } from '../http/checked.pipe.js';
import { busy, Problem } from '../http/problem.js';
import { readReceipt } from '../http/read-receipt.js';
import { InstancePath, InstancesQuery, NoQuery, StartBody } from '../requests.js';
import type * as views from '../views.js';
import { ShownStates } from './shown-states.js';
import { instanceRow, instanceView } from './write-views.js';

type Id = z.output<typeof InstancePath>;

/** Starts instances and shows them. */
@Controller('api/instances')
export class InstancesController {
  constructor(
    @Inject(StartInstance) private readonly start: StartInstance,
    @Inject(Views) private readonly views: Views,
    @Inject(Catalog) private readonly catalog: Catalog,
    @Inject(ShownStates) private readonly shown: ShownStates,
  ) {}

  @Post()
  async begin(
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Body(new Checked(StartBody, 'body')) body: z.output<typeof StartBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof views.Started>> {
    const receipt = readReceipt(key);
    const answer = await this.start.execute({
      flow: body.flow,
      input: body.input,
      ...(body.version === undefined ? {} : { version: body.version }),
      ...(body.key === undefined ? {} : { key: body.key }),
      ...(receipt === undefined ? {} : { receipt }),
    });
    if (!answer.ok) throw refused(answer.error);
    const { id, flow, version, status, duplicate } = answer.value;
    void reply.status(duplicate ? 200 : 201).header('location', `/api/instances/${id}`);
    return { id, flow, version, key: answer.value.key, status, ...(duplicate ? { duplicate } : {}) };
  }

  @Get()
  async list(
    @Query(new Checked(InstancesQuery, 'query')) query: z.output<typeof InstancesQuery>,
  ): Promise<z.output<typeof views.InstancePage>> {
    const { flow, play, status, key, cursor, limit } = query;
    const page = await this.views.instances({
      limit,
      ...(flow === undefined ? {} : { flow }),
      ...(play === undefined ? {} : { play }),
      ...(status === undefined ? {} : { status }),
      ...(key === undefined ? {} : { key }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { items: page.items.map(instanceRow), next: page.next };
  }

  @Get(':id')
  async one(
    @Param(new Checked(InstancePath, 'path')) { id }: Id,
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
  ): Promise<z.output<typeof views.InstanceView>> {
    return instanceView(await this.#found(id), this.shown.of);
  }

  @Get(':id/diagram')
  @HttpCode(200)
  @Header('content-type', 'text/plain; charset=utf-8')
  async diagram(
    @Param(new Checked(InstancePath, 'path')) { id }: Id,
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
  ): Promise<string> {
    const { instance, nodes, now } = await this.#found(id);
    const published = await this.catalog.get(instance.flow, instance.version);
    if (!published) throw unknownInstance(id);
    return instanceDiagram(published.definition, { instance, nodes, now });
  }

  async #found(id: string): Promise<InstanceView> {
    const view = await this.views.instance(id);
    if (!view) throw unknownInstance(id);
    return view;
  }
}

export const unknownInstance = (id: string): Problem =>
  new Problem(
    404,
    'UNKNOWN_INSTANCE',
    `Expected the id of an instance, but there is none with ${id}. List them with GET /api/instances.`,
  );

/** A play says no for now, or to this one; nothing is wrong with the start. */
const CLOSED: readonly string[] = ['PLAY_PAUSED', 'PLAY_ENDED', 'PLAY_NOT_OPEN', 'NOT_IN_AUDIENCE', 'PLAY_USED_UP'];

export function refused({ code, message, violations }: StartRefusal): Problem {
  const told = violations ? { violations } : {};
  if (code === 'UNKNOWN_FLOW' || code === 'UNKNOWN_PLAY') return new Problem(404, code, message);
  if (code === 'BUSY') return busy(message);
  return new Problem(CLOSED.includes(code) ? 409 : 422, code, message, told);
}
