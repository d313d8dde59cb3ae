import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Broker } from '../../src/engine/ports/broker.js';
import type { Opened } from '../contract/store/opened.js';
import { KINDS, PATTERNS } from './patterns.js';
import { RealEngine } from './real-engine.js';

/** Every case of every pattern and of every kind of work, in real time, on a store and a broker. */
export function flowsOn(name: string, open: () => Promise<{ opened: Opened; broker: Broker }>): void {
  describe(name, () => {
    let engine: RealEngine;

    beforeAll(async () => {
      const { opened, broker } = await open();
      engine = new RealEngine(opened, broker, [...PATTERNS, ...KINDS]);
      await engine.start();
    });

    afterAll(() => engine.stop());

    it.each([...PATTERNS, ...KINDS].map((pattern) => [pattern.name, pattern] as const))(
      '%s',
      async (_name, pattern) => {
        const misses = await Promise.all(pattern.cases.map((one) => engine.judge(pattern, one)));
        expect(misses.flat()).toEqual([]);
      },
    );
  });
}
