import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

/** A flow of three nodes. */
export const flowText = (flow: string, title = 'A flow'): string => `flow: ${flow}
title: ${title}
nodes:
  begin: { start: true }
  work:  { task: do.it }
  done:  { end: done }
edges:
  - begin -> work -> done
`;

/** Makes folders that are gone after the test. */
export function folders(): () => Promise<string> {
  const made: string[] = [];
  afterEach(async () => {
    await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-catalog-'));
    made.push(folder);
    return folder;
  };
}
