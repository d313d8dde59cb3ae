import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually, serveForTest } from './served.js';

/** Each task gives back what it gets; the input and three results fit, the fourth does not. */
const FLOW = `flow: growing
key: input.id
input: { type: object }
nodes:
  begin: { start: true }
  a: { task: log, in: { text: input.text } }
  b: { task: log, in: { text: input.text } }
  c: { task: log, in: { text: input.text } }
  d: { task: log, in: { text: input.text } }
  done: { end: success }
edges:
  - begin -> a -> b -> c -> d -> done
`;

/** Starts instances that grow too large beside small ones, and sees that only the large ones are held. */
export async function growsTooLarge(settings: Readonly<Record<string, string>>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-growing-'));
  writeFileSync(join(folder, 'growing.flow.yaml'), FLOW);
  const server = await serveForTest({ ...settings, SLUICE_DEFINITIONS: folder, SLUICE_LOG: 'silent' });
  const start = async (id: string, bytes: number) =>
    server.ask('POST', '/api/instances', { flow: 'growing', input: { id, text: 'x'.repeat(bytes) } });
  try {
    const ids = await Promise.all(
      Array.from(
        { length: 12 },
        async (_, at) => (await start(`i${at}`, at % 3 === 0 ? 60_000 : 100)).body.id as string,
      ),
    );
    const shown = async (id: string) => (await server.ask('GET', `/api/instances/${id}`)).body;
    const all = await eventually(
      () => Promise.all(ids.map(shown)),
      (them) => them.every(({ status }) => status !== 'running'),
    );
    expect(all.map(({ status }) => status)).toEqual(ids.map((_, at) => (at % 3 === 0 ? 'incident' : 'completed')));
    const held = all[0].nodes.find(({ status }: { status: string }) => status === 'incident');
    expect(held).toMatchObject({ node: 'd', output: null, error: { code: 'CONTEXT_TOO_LARGE' } });
    const before = all[0].nodes.find(({ node }: { node: string }) => node === 'c');
    expect(before.output.text).toHaveLength(60_000);

    const refused = await start('huge', 262_144);
    expect([refused.status, refused.body.code]).toEqual([422, 'INVALID_INPUT']);
    expect(refused.body.detail ?? refused.body.message).toContain('at most 262144 bytes');
    const metrics = (await server.ask('GET', '/metrics')).body as string;
    expect(metrics).not.toMatch(/sluice_commit_broken_total [1-9]/);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
