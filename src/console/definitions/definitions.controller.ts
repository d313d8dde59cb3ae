import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { definitionDiagram } from '../../core/diagram/mermaid.js';
import { Catalog, type Published } from '../../engine/ports/catalog.js';
import { DefinitionStore, VersionConflict } from '../../engine/ports/definition-store.js';
import { type PublishAnswer, Publisher, type PublishOrder } from '../../engine/ports/publisher.js';
import { Views } from '../../engine/ports/views.js';
import { Checked } from '../http/checked.pipe.js';
import { Problem } from '../http/problem.js';
import { CheckBody, FlowPath, NoQuery, PublishBody, VersionQuery } from '../requests.js';
import type * as views from '../views.js';
import { flowMap } from './flow-map.js';
import { placedProblem } from './placed-problem.js';

type Flow = z.output<typeof FlowPath>;
type Version = z.output<typeof VersionQuery>;

/** Publishes definitions and shows them. */
@Controller('api/definitions')
export class DefinitionsController {
  constructor(
    @Inject(DefinitionStore) private readonly definitions: DefinitionStore,
    @Inject(Catalog) private readonly catalog: Catalog,
    @Inject(Publisher) private readonly publisher: Publisher,
    @Inject(Views) private readonly views: Views,
  ) {}

  @Get()
  async list(@Query(new Checked(NoQuery, 'query')) _query: unknown): Promise<z.output<typeof views.DefinitionRow>[]> {
    const [newest, counts] = await Promise.all([this.definitions.newest(), this.views.counts()]);
    const byFlow = new Map(Object.entries(counts));
    return newest.map(({ flow, version, title, description }) => {
      return { flow, version, title, description, instances: { ...byFlow.get(flow) } };
    });
  }

  @Get(':flow')
  async one(
    @Param(new Checked(FlowPath, 'path')) { flow }: Flow,
    @Query(new Checked(VersionQuery, 'query')) { version }: Version,
  ): Promise<z.output<typeof views.DefinitionView>> {
    const stored = await this.definitions.find(flow, version);
    if (!stored) throw unknownFlow(flow, version);
    const [{ definition }, versions] = await Promise.all([
      this.#published(flow, stored.version),
      this.definitions.versions(flow),
    ]);
    return {
      flow,
      version: stored.version,
      title: stored.title,
      description: stored.description,
      source: stored.source,
      versions: [...versions],
      map: flowMap(definition),
      input: definition.input && { ...definition.input },
      play: definition.play ? { ...definition.play } : null,
    };
  }

  @Get(':flow/diagram')
  @Header('content-type', 'text/plain; charset=utf-8')
  async diagram(
    @Param(new Checked(FlowPath, 'path')) { flow }: Flow,
    @Query(new Checked(VersionQuery, 'query')) { version }: Version,
  ): Promise<string> {
    return definitionDiagram((await this.#published(flow, version)).definition);
  }

  @Post()
  async publish(
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof views.PublishedView>> {
    const sent = typeof body === 'string' ? { source: body } : body;
    const { source, version } = new Checked(PublishBody, 'body').transform(sent);
    const answer = await this.#publish({ source, file: 'request', ...(version === undefined ? {} : { version }) });
    if (answer.flow === null || answer.version === null) throw invalid(answer);
    void reply
      .status(answer.created ? 201 : 200)
      .header('location', `/api/definitions/${answer.flow}?version=${answer.version}`);
    return { flow: answer.flow, version: answer.version, problems: answer.problems.map(placedProblem) };
  }

  @Post('check')
  @HttpCode(200)
  async check(
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
    @Body() body: unknown,
  ): Promise<z.output<typeof views.CheckedView>> {
    const sent = typeof body === 'string' ? { source: body } : body;
    const { source } = new Checked(CheckBody, 'body').transform(sent);
    const { definition, problems } = await this.publisher.check({ source, file: 'request' });
    return {
      flow: definition?.flow ?? null,
      problems: problems.map(placedProblem),
      mermaid: definition && definitionDiagram(definition),
      map: definition && flowMap(definition),
    };
  }

  async #publish(order: PublishOrder): Promise<PublishAnswer> {
    try {
      return await this.publisher.execute(order);
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      throw new Problem(409, 'VERSION_CONFLICT', error.message);
    }
  }

  async #published(flow: string, version: number | undefined): Promise<Published> {
    const published = await this.catalog.get(flow, version);
    if (!published) throw unknownFlow(flow, version);
    return published;
  }
}

export function unknownFlow(flow: string, version: number | undefined): Problem {
  const what = version === undefined ? `flow ${flow}` : `version ${version} of flow ${flow}`;
  return new Problem(
    404,
    'UNKNOWN_FLOW',
    `Expected a published flow, but there is no ${what}. List them with GET /api/definitions.`,
  );
}

function invalid({ problems }: PublishAnswer): Problem {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const sentence = `Expected a sound definition, but there ${errors === 1 ? 'is 1 error' : `are ${errors} errors`}. Nothing was published.`;
  return new Problem(422, 'INVALID_DEFINITION', sentence, { members: { problems: problems.map(placedProblem) } });
}
