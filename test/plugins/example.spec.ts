import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/language/read-definition.js';
import { testFlow } from '../../src/programs/in-memory/flow-test.js';
import { loadPlugins } from '../../src/worker/plugins/load-plugins.js';
import { call } from '../cli/support/call.js';
import { EXAMPLES, example } from './kinds.js';

const env = { SLUICE_PLUGINS: join(EXAMPLES, 'plugins') };
const flow = join(EXAMPLES, 'reserve.flow.yaml');

describe('the example plugin', () => {
  it('is listed', async () => {
    const { code, out, err } = await call(['plugins'], { env });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/acme\.reserve +1\.0\.0 +warehouse\.plugin\.mjs +Keeps articles back/);
    const { out: json } = await call(['plugins', '--json'], { env });
    expect(JSON.parse(json)).toMatchObject({ kinds: [{ name: 'acme.reserve', undoes: true }], refused: [] });
  });

  it('is known to every command that reads flows', async () => {
    expect(await call(['validate', flow], { env })).toMatchObject({ code: 0 });
    expect((await call(['validate', flow])).out).toContain('UNKNOWN_KIND');
    expect((await call(['render', flow], { env })).out).toContain('[("Keep it back")]');
    expect((await call(['types', flow], { env })).out).toContain('"acme.reserve@1"');
    expect((await call(['schema'], { env })).out).toContain('"acme.reserve"');
    const input = ['--input', '{"article":"pen","amount":2}', '--mocks', '{"payment.charge":{}}'];
    expect((await call(['run', flow, ...input], { env })).out).toContain('success');
  });

  it('has a flow whose tests pass', async () => {
    const { code, out } = await call(['test', join(EXAMPLES, 'reserve.flow.test.yaml')], { env });
    expect(out).toContain('4 passed, 0 failed');
    expect(code).toBe(0);
  });

  it('says which amounts no warehouse can hold', async () => {
    const { kinds } = await loadPlugins({ folder: env.SLUICE_PLUGINS, isWanted: true });
    const text = example('reserve.flow.yaml').replace('warehouse: north', 'warehouse: south');
    expect(readDefinition(text, 'a', undefined, kinds).problems).toMatchObject([
      { code: 'BAD_FIELD', line: 11, hint: 'Take the other warehouse.' },
    ]);
  });
});

it('is not there for whoever reads a flow without it', () => {
  expect(() => testFlow({ text: example('reserve.flow.yaml') })).toThrow('UNKNOWN_KIND');
});

it('is given to a test in TypeScript as a value', async () => {
  const { default: reserve } = (await import(pathToFileURL(join(EXAMPLES, 'plugins/warehouse.plugin.mjs')).href)) as {
    default: unknown;
  };
  const flow = testFlow({ text: example('reserve.flow.yaml') }, { nodeTypes: [reserve] });
  const mocks = { 'payment.charge': { paid: true } };
  const run = await flow.start({ article: 'pen', amount: 2 }, { mocks });
  run.expect({ outcome: 'success', outputs: { keep: { reservation: 'mocked' } } });
  expect(() => testFlow({ text: '' }, { nodeTypes: [{ name: 'a' }] })).toThrow('Expected a `name`');
});
