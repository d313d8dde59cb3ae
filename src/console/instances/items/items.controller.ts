import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import type { Json } from '../../../core/json.js';
import { AddItems } from '../../../engine/operate/add-items.js';
import { By } from '../../access/asker.js';
import { Checked } from '../../http/checked.pipe.js';
import { Problem } from '../../http/problem.js';
import { InstancePath, ItemsBody } from '../../requests.js';
import type { Accepted } from '../../views.js';
import { unknownInstance } from '../instances.controller.js';

/** Items that a person adds to those of a node. */
@Controller('api/instances/:id/items')
export class ItemsController {
  constructor(@Inject(AddItems) private readonly addItems: AddItems) {}

  @Post()
  @HttpCode(202)
  async add(
    @Param(new Checked(InstancePath, 'path')) { id }: z.output<typeof InstancePath>,
    @Body(new Checked(ItemsBody, 'body')) body: z.output<typeof ItemsBody>,
    @By() by: string,
  ): Promise<z.output<typeof Accepted>> {
    const { node, visit, items, last, seen } = body;
    const answer = await this.addItems.execute({
      instance: id,
      node,
      items: items as Json[],
      closes: last,
      by,
      ...(visit !== undefined && { visit }),
      ...(seen !== undefined && { seen }),
    });
    if (answer.ok) return { id };
    const { reason, message } = answer.error;
    if (reason === 'unknown-instance') throw unknownInstance(id);
    throw new Problem(reason === 'too-large' ? 422 : 409, reason.replaceAll('-', '_').toUpperCase(), message);
  }
}
