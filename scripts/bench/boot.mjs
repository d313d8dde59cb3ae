// Usage: import { boot } from './boot.mjs'        the built engine in this process, without HTTP
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../dist/src/app.module.js';
import { parseConfig } from '../../dist/src/config/parse-config.js';
import { Engine } from '../../dist/src/engine/engine.js';
import { Publisher } from '../../dist/src/engine/ports/publisher.js';
import { HandlerRegistry } from '../../dist/src/worker/handler-registry.js';

/** Settings come from the environment (`SLUICE_…`); `data` is the folder of the embedded file. */
export async function boot({ data, tuning, hasWriter = false }) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^SLUICE_(DATABASE|BROKER)_URL$|^SLUICE_DELAY$|^SLUICE_LANES$|^SLUICE_TOPOLOGY_PREFIX$/.test(name),
    ),
  );
  const parsed = parseConfig({
    ...env,
    SLUICE_DATA: data,
    SLUICE_LOG: 'warn',
    SLUICE_MIGRATE: 'true',
    SLUICE_TOKEN: 'bench',
  });
  if ('faults' in parsed) throw new Error(parsed.faults.join('\n'));
  const app = await NestFactory.createApplicationContext(AppModule.with(parsed.config, { tuning, hasWriter }), {
    logger: false,
  });
  const engine = app.get(Engine);
  await engine.start();
  return {
    engine,
    registry: app.get(HandlerRegistry),
    publish: async (source) => {
      const answer = await app.get(Publisher).execute({ source, file: 'bench.flow.yaml' });
      if (answer.version === null) throw new Error(answer.problems.map(({ message }) => message).join('\n'));
    },
    close: async () => {
      await engine.stop();
      await app.close();
    },
  };
}
