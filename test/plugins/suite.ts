import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineNodeType } from '../../src/worker/plugins/node-type.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { EXAMPLES, example } from './kinds.js';

const told: { what: string; fields: unknown; key: string; attempt: number }[] = [];
const charge = defineNodeType<{ amount: number; card: string }>({
  name: 'acme.charge',
  version: '3.1.0',
  schema: { properties: { amount: { type: 'number', expression: true }, card: { type: 'string' } } },
  execute(fields, { idempotencyKey, attempt, fail, poll }) {
    told.push({ what: 'execute', fields, key: idempotencyKey, attempt });
    if (fields.amount > 100) fail('CARD_LIMIT', 'Too much.');
    if (fields.amount === 7 && told.length === 1) return poll(20);
    if (fields.amount === 9 && attempt === 1) throw new Error('busy');
    return { paid: fields.amount };
  },
});
const fragile = defineNodeType({
  name: 'acme.once',
  version: '1.0.0',
  traits: { retryable: false },
  execute() {
    throw Object.assign(new Error('gone'), { code: 'GONE' });
  },
});

const PAY = `flow: pay
input: { type: object }
nodes:
  begin: { start: true }
  charge: { acme.charge: { amount: input.amount, card: visa }, retry: { local: [], remote: [10ms], max: 2 } }
  once: { acme.once: {} }
  done: { end: paid }
  no: { end: refused }
edges:
  - begin -> charge
  - charge -> once: input.amount == 5
  - charge -> done: else
  - charge -> no: on error CARD_*
  - once -> done
  - once -> no: on error GONE
`;

/** What holds wherever the engine keeps its state. */
export function describeKinds(name: string, settings: () => Promise<Readonly<Record<string, string>>>): void {
  describe(name, () => {
    let server: TestServer;
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sluice-kinds-'));
      writeFileSync(join(folder, 'pay.flow.yaml'), PAY);
      writeFileSync(
        join(folder, 'reserve.flow.yaml'),
        example('reserve.flow.yaml').replace('payment.charge', 'shop.charge'),
      );
      const plugins = join(EXAMPLES, 'plugins');
      told.length = 0;
      server = await serveForTest(
        { ...(await settings()), SLUICE_DEFINITIONS: folder, SLUICE_PLUGINS: plugins, SLUICE_LOG: 'silent' },
        { nodeTypes: [charge, fragile] },
      );
      // What is started before the broker is there waits for a sweep.
      await eventually(
        () => server.ask('GET', '/health/ready'),
        ({ status }) => status === 200,
      );
    });
    afterAll(async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const run = async (flow: string, input: object) => {
      const { body } = await server.ask('POST', '/api/instances', { flow, input });
      return eventually(
        async () => (await server.ask('GET', `/api/instances/${body.id}`)).body,
        ({ status, incidents }) => status !== 'running' || incidents.length > 0,
      );
    };
    const at = (view: { nodes: { id: string; node: string }[] }, node: string) =>
      view.nodes.find((one) => one.node === node);

    it('polls, fails, tries again and goes on like a task', async () => {
      expect(await run('pay', { amount: 7 })).toMatchObject({ status: 'completed', outcome: 'paid' });
      expect(told.map(({ fields }) => fields)).toEqual([
        { amount: 7, card: 'visa' },
        { amount: 7, card: 'visa' },
      ]);
      expect(new Set(told.map(({ key }) => key)).size).toBe(1);
      const again = await run('pay', { amount: 9 });
      expect(again).toMatchObject({ status: 'completed' });
      expect(at(again, 'charge')).toMatchObject({ attempt: 2, output: { paid: 9 } });
      expect(await run('pay', { amount: 101 })).toMatchObject({ status: 'completed', outcome: 'refused' });
    });

    it('refuses a value that its schema does not allow', async () => {
      const view = await run('pay', { amount: 'much' });
      expect(view).toMatchObject({ incidents: [{ node: 'charge', code: 'PERMANENT_FAILURE' }] });
      expect(view.incidents[0].message).toContain(
        'Expected `amount` to be what acme.charge wants, but it must be number.',
      );
    });

    it('is not tried again when its kind may not be repeated', async () => {
      const view = await run('pay', { amount: 5 });
      expect(view).toMatchObject({ status: 'completed', outcome: 'refused' });
      expect(at(view, 'once')).toMatchObject({ attempt: 1 });
    });

    it('is drawn for an instance as its kind says', async () => {
      const { body } = await server.ask('GET', '/api/definitions/reserve_order/diagram');
      expect(body).toContain('[("Keep it back")]');
    });

    it('is listed over HTTP', async () => {
      const { body } = await server.ask('GET', '/api/node-types');
      expect(body.refused).toEqual([]);
      expect(body.kinds.map(({ name, version }: { name: string; version: string }) => `${name} ${version}`)).toEqual([
        'acme.charge 3.1.0',
        'acme.once 1.0.0',
        'acme.reserve 1.0.0',
      ]);
      expect(body.kinds[1]).toMatchObject({ traits: { retryable: false }, undoes: false, shape: 'box' });
    });

    it('is published over HTTP only with fields that are right', async () => {
      const source = PAY.replace('flow: pay', 'flow: pay2').replace('card: visa', 'card: 7');
      const { status, body } = await server.ask('POST', '/api/definitions', { source });
      expect(status).toBe(422);
      expect(body.problems).toMatchObject([{ code: 'BAD_FIELD', line: 5 }]);
    });
  });
}
