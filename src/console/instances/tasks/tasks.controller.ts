import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { type Asker, completes } from '../../../core/definition/control/may-complete.js';
import type { ManualNode } from '../../../core/definition/nodes/waiting-nodes.js';
import type { JsonObject } from '../../../core/json.js';
import { CompleteManual, type CompleteRefusal } from '../../../engine/operate/complete-manual.js';
import { Catalog } from '../../../engine/ports/catalog.js';
import { Store } from '../../../engine/ports/store.js';
import { type ManualTaskView, Views } from '../../../engine/ports/views.js';
import { Who } from '../../access/asker.js';
import { Checked } from '../../http/checked.pipe.js';
import { Problem } from '../../http/problem.js';
import { NodePath, VisitQuery } from '../../requests.js';
import { unknownInstance } from '../instances.controller.js';
import { CompleteBody, type CompletedView, type TaskPage, TasksQuery, type TaskView, taskRow } from './task-views.js';

/** What people are asked to do, and their answers. */
@Controller('api')
export class TasksController {
  constructor(
    @Inject(CompleteManual) private readonly completeManual: CompleteManual,
    @Inject(Views) private readonly views: Views,
    @Inject(Catalog) private readonly catalog: Catalog,
    @Inject(Store) private readonly store: Store,
  ) {}

  @Get('tasks')
  async list(
    @Query(new Checked(TasksQuery, 'query')) query: z.output<typeof TasksQuery>,
    @Who() asker: Asker,
  ): Promise<z.output<typeof TaskPage>> {
    const { limit, mine, ...given } = query;
    const own = mine === 'true' ? completes(asker) : null;
    const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const [page, now] = [
      await this.views.manualTasks({ limit, ...wanted, ...(own && { assignees: own }) }),
      await this.store.now(),
    ];
    const rows = page.items.map(async (task) => taskRow(task, (await this.#nodeOf(task))?.title ?? null, now));
    return { items: await Promise.all(rows), next: page.next };
  }

  @Get('instances/:id/nodes/:node/task')
  async one(
    @Param(new Checked(NodePath, 'path')) { id, node }: z.output<typeof NodePath>,
    @Query(new Checked(VisitQuery, 'query')) { visit }: z.output<typeof VisitQuery>,
  ): Promise<z.output<typeof TaskView>> {
    const { items } = await this.views.manualTasks({ instance: id, limit: 200 });
    const task = items.findLast((one) => one.node === node && (visit === undefined || one.visit === visit));
    if (!task) {
      const message = `Expected somebody to be asked at '${node}' of ${id}, but nobody is. List what is with GET /api/tasks.`;
      throw new Problem(404, 'UNKNOWN_TASK', message);
    }
    const manual = await this.#nodeOf(task);
    const row = taskRow(task, manual?.title ?? null, await this.store.now());
    return { ...row, shown: plain(task.shown), form: plain(manual?.form ?? null) };
  }

  @Post('instances/:id/nodes/:node/complete')
  @HttpCode(200)
  async complete(
    @Param(new Checked(NodePath, 'path')) { id, node }: z.output<typeof NodePath>,
    @Body(new Checked(CompleteBody, 'body')) body: z.output<typeof CompleteBody>,
    @Who() by: Asker,
  ): Promise<z.output<typeof CompletedView>> {
    const answer = await this.completeManual.execute({
      instance: id,
      node,
      output: body.output as JsonObject,
      by,
      ...(body.visit === undefined ? {} : { visit: body.visit }),
    });
    if (!answer.ok) throw refused(id, answer.error);
    const { visit, duplicate } = answer.value;
    return { id, node, visit, ...(duplicate && { duplicate }) };
  }

  async #nodeOf({ flow, version, node }: ManualTaskView): Promise<ManualNode | null> {
    const found = (await this.catalog.get(flow, version))?.definition.nodes.get(node);
    return found?.kind === 'manual' ? found : null;
  }
}

const plain = (value: JsonObject | null): Record<string, unknown> | null => value && { ...value };

function refused(id: string, refusal: CompleteRefusal): Problem {
  const { reason, message } = refusal;
  if (reason === 'unknown-instance') return unknownInstance(id);
  if (reason === 'unknown-node-instance') return new Problem(404, 'UNKNOWN_NODE_INSTANCE', message);
  if (reason === 'not-theirs') return new Problem(403, 'NOT_THEIRS', message);
  if ('violations' in refusal) return new Problem(422, 'INVALID_OUTPUT', message, { violations: refusal.violations });
  return new Problem(409, reason.replaceAll('-', '_').toUpperCase(), message);
}
