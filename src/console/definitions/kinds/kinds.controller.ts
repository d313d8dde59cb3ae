import { Controller, Get, Inject, Optional, Query } from '@nestjs/common';
import type { z } from 'zod';
import { CustomKinds } from '../../../language/structure/kinds/task/custom/custom-kinds.js';
import { Checked } from '../../http/checked.pipe.js';
import { NoQuery } from '../../requests.js';
import type { KindsView } from './kind-views.js';

/** The kinds of node that plugins bring. */
@Controller('api/node-types')
export class KindsController {
  constructor(@Optional() @Inject(CustomKinds) private readonly custom: CustomKinds = CustomKinds.none) {}

  @Get()
  list(@Query(new Checked(NoQuery, 'query')) _query: unknown): z.output<typeof KindsView> {
    const { kinds, refused } = this.custom;
    return {
      kinds: kinds.map(({ name, version, docs, shape, undoes, traits, schema }) => {
        return { name, version, description: docs, shape, undoes, traits: { ...traits }, schema: { ...schema } };
      }),
      refused: refused.map(({ place, names, reason }) => ({ place, names: [...names], reason })),
    };
  }
}
