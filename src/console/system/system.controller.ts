import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { Registry } from 'prom-client';
import type { z } from 'zod';
import type { Config } from '../../config/config.js';
import { VERSION } from '../../config/installation.js';
import type { Role } from '../../config/people-roles.js';
import type { Asker } from '../../core/definition/control/may-complete.js';
import { Who } from '../access/asker.js';
import { Checked } from '../http/checked.pipe.js';
import { openApi } from '../openapi/open-api.js';
import { NoQuery } from '../requests.js';
import type { Me } from '../views.js';
import { CONFIG } from './config-token.js';

/** What a client asks about the server itself. */
@Controller()
export class SystemController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Registry) private readonly metrics: Registry,
  ) {}

  @Get('api/me')
  me(
    @Query(new Checked(NoQuery, 'query')) _query: unknown,
    @Who() { name, roles, groups }: Asker,
  ): z.output<typeof Me> {
    return {
      name,
      roles: [...roles] as Role[],
      groups: [...groups],
      engine: { mode: this.config.mode, version: VERSION },
    };
  }

  @Get('api/openapi.json')
  openApi(@Query(new Checked(NoQuery, 'query')) _query: unknown): unknown {
    return openApi(VERSION);
  }

  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  text(): Promise<string> {
    return this.metrics.metrics();
  }
}
