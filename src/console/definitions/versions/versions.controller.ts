import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { MigrateInstances } from '../../../engine/operate/migrate/migrate-instances.js';
import { DefinitionStore } from '../../../engine/ports/definition-store.js';
import { By } from '../../access/asker.js';
import { Checked } from '../../http/checked.pipe.js';
import { Problem } from '../../http/problem.js';
import { iso } from '../../instances/write-views.js';
import { FlowPath } from '../../requests.js';
import { ActivateBody, MigrateBody, type MigrationView, type VersionsView } from './version-views.js';

type Flow = z.output<typeof FlowPath>;

/** Which version starts get, and instances that go on in another one. */
@Controller('api/definitions/:flow')
export class VersionsController {
  constructor(
    @Inject(DefinitionStore) private readonly definitions: DefinitionStore,
    @Inject(MigrateInstances) private readonly migrateInstances: MigrateInstances,
  ) {}

  @Get('versions')
  async list(@Param(new Checked(FlowPath, 'path')) { flow }: Flow): Promise<z.output<typeof VersionsView>> {
    const [started, numbers, active] = await Promise.all([
      this.definitions.find(flow),
      this.definitions.versions(flow),
      this.definitions.active(),
    ]);
    if (!started) throw new Problem(404, 'UNKNOWN_FLOW', `Expected a published flow, but there is no ${flow}.`);
    const stored = await Promise.all(numbers.map((version) => this.definitions.find(flow, version)));
    const versions = stored.flatMap((one) => (one ? { version: one.version, publishedAt: iso(one.publishedAt) } : []));
    const chosen = active.get(flow);
    const activated = chosen ? { ...chosen, at: iso(chosen.at) } : null;
    return { flow, starts: started.version, activated, versions: versions.reverse() };
  }

  @Post('activate')
  @HttpCode(200)
  async activate(
    @Param(new Checked(FlowPath, 'path')) { flow }: Flow,
    @Body(new Checked(ActivateBody, 'body')) { version }: z.output<typeof ActivateBody>,
    @By() by: string,
  ): Promise<z.output<typeof VersionsView>> {
    if (await this.definitions.activate(flow, version, by)) return this.list({ flow });
    const message = `Expected a published version ${version} of ${flow}, but there is none. Publish it first.`;
    throw new Problem(404, 'UNKNOWN_FLOW', message);
  }

  @Post('migrate')
  @HttpCode(200)
  async migrate(
    @Param(new Checked(FlowPath, 'path')) { flow }: Flow,
    @Body(new Checked(MigrateBody, 'body')) body: z.output<typeof MigrateBody>,
    @By() by: string,
  ): Promise<z.output<typeof MigrationView>> {
    const { to, from, instances, dryRun, cursor, limit } = body;
    const answer = await this.migrateInstances.execute({
      flow,
      to,
      ...(from !== undefined && { from }),
      ...(instances !== undefined && { instances }),
      ...(cursor !== undefined && { cursor }),
      dryRun,
      limit,
      by,
    });
    if (!answer.ok) throw new Problem(404, 'UNKNOWN_FLOW', answer.error.message);
    const items = answer.value.items.map((item) => {
      const obstacles = item.obstacles.map((obstacle) => ({ ...obstacle }));
      return { ...item, nodes: item.nodes.map((node) => ({ ...node })), obstacles };
    });
    return { flow, to, dryRun, items, next: answer.value.next };
  }
}
