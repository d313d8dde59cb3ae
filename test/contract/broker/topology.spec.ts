import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RUNGS_MS, topologyOf } from '../../../src/broker/topology/topology.js';

describe('the topology', () => {
  it('is exactly this', async () => {
    const { names: _names, rungs: _rungs, ...value } = topologyOf('sluice');
    await expect(`${JSON.stringify(value, null, 2)}\n`).toMatchFileSnapshot('../../golden/topology.json');
  });

  it('has every name under its prefix, and none twice', () => {
    const { exchanges, queues, plugin } = topologyOf('shop.eu');
    const exchangeNames = [...exchanges, plugin.exchange].map(({ name }) => name);
    const queueNames = queues.map(({ name }) => name);
    for (const name of [...exchangeNames, ...queueNames]) expect(name).toMatch(/^shop\.eu\./);
    expect(new Set(exchangeNames).size).toBe(exchangeNames.length);
    expect(new Set(queueNames).size).toBe(queueNames.length);
  });

  it('points nowhere that it does not declare', () => {
    const { exchanges, queues, bindings, plugin } = topologyOf('sluice');
    const exchangeNames = new Set([...exchanges, plugin.exchange].map(({ name }) => name));
    const queueNames = new Set(queues.map(({ name }) => name));
    for (const { from, to, toKind } of [...bindings, plugin.binding]) {
      expect(exchangeNames).toContain(from);
      expect(toKind === 'queue' ? queueNames : exchangeNames).toContain(to);
    }
    for (const { arguments: args } of [...exchanges, ...queues]) {
      for (const target of ['x-dead-letter-exchange', 'alternate-exchange']) {
        if (target in args) expect(exchangeNames).toContain(args[target]);
      }
    }
  });

  it('can lose nothing on the way from a rung: what has no lane goes to the unrouted', () => {
    const { names, exchanges } = topologyOf('sluice');
    const dispatch = exchanges.find(({ name }) => name === names.dispatch);
    expect(dispatch?.arguments['alternate-exchange']).toBe(names.unrouted);
  });

  it('has rungs that grow, with 5 s, 30 s and 120 s among them', () => {
    expect([...RUNGS_MS].sort((a, b) => a - b)).toEqual(RUNGS_MS);
    expect(RUNGS_MS).toEqual(expect.arrayContaining([250, 5_000, 30_000, 120_000, 3_600_000]));
  });
});

describe('docs/messaging.md', () => {
  const page = readFileSync('docs/messaging.md', 'utf8');

  it('shows the topology as it is', () => {
    const { exchanges, queues, plugin } = topologyOf('sluice');
    const rows = new Set(page.split('\n').filter((line) => line.startsWith('| `sluice.')));
    const expected = new Set([
      ...[...exchanges, plugin.exchange]
        .filter(({ name }) => !/delay\.\d+$/.test(name))
        .map(({ name, type, arguments: args }) => row(name, `${type} exchange`, args)),
      ...queues
        .filter(({ name }) => !/delay\.\d+$/.test(name))
        .map(({ name, arguments: args }) => row(name, 'queue', args)),
    ]);
    expect([...rows].map((line) => line.split(' | ').slice(0, 3).join(' | ')).sort()).toEqual([...expected].sort());
  });

  it('names every rung', () => {
    for (const ms of RUNGS_MS) expect(page).toContain(`\`${ms}\``);
  });
});

function row(name: string, kind: string, args: Readonly<Record<string, string | number | boolean>>): string {
  const shown = Object.entries(args).map(([key, value]) => `\`${key}=${value}\``);
  return `| \`${name}\` | ${kind} | ${shown.join(' ') || 'none'}`;
}
