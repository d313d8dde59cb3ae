import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthBus, HealthChange, HealthReport } from '../../../../src/engine/health/sharing/health-bus.js';
import { until } from './stage.js';

/** Two engines' ends of one bus. */
export interface HealthStage {
  readonly one: HealthBus;
  readonly other: HealthBus;
  end(): Promise<unknown>;
}

const report = (engine: string, number: number): HealthReport => ({ engine, number, seen: [] });
const change = (version: number): HealthChange => ({ incarnation: 'i', from: version - 1, version, subjects: [] });

/** What every HealthBus does while nothing is wrong. */
export function healthBusContract(name: string, set: () => Promise<HealthStage>): void {
  describe(name, () => {
    let stage: HealthStage;
    beforeEach(async () => {
      stage = await set();
    });
    afterEach(() => stage.end());

    it('gives reports to one engine at a time, in order, one after another', async () => {
      const got: string[] = [];
      let working = 0;
      const maintain = (who: string, bus: HealthBus) =>
        bus.maintain(async ({ number }) => {
          expect(++working).toBe(1);
          await new Promise((wake) => setTimeout(wake, 2));
          working--;
          got.push(`${who} ${number}`);
        });
      const first = await maintain('one', stage.one);
      await maintain('other', stage.other);
      for (let number = 1; number <= 10; number++) await stage.other.report(report('x', number));
      await until('ten reports', () => got.length === 10);
      expect(got).toEqual(Array.from({ length: 10 }, (_, at) => `one ${at + 1}`));
      await first.stop();
      await stage.one.report(report('x', 11));
      await until('a report to the other', () => got.at(-1) === 'other 11');
    });

    it('goes on after a report that could not be taken', async () => {
      const got: number[] = [];
      await stage.one.maintain(async ({ number }) => {
        got.push(number);
        if (number === 1) throw new Error('the database is away');
      });
      await stage.one.report(report('x', 1));
      await stage.one.report(report('x', 2));
      await until('both reports', () => got.length === 2);
      expect(got).toEqual([1, 2]);
    });

    it('tells changes to every engine that listens, and to none that has stopped', async () => {
      const heard: Record<string, HealthChange[]> = { one: [], other: [] };
      const listening = await stage.one.listen(
        (said) => heard['one']?.push(said),
        () => {},
      );
      await stage.other.listen(
        (said) => heard['other']?.push(said),
        () => {},
      );
      await stage.one.tell(change(1));
      await until('both to hear', () => heard['one']?.length === 1 && heard['other']?.length === 1);
      expect(heard).toEqual({ one: [change(1)], other: [change(1)] });
      await listening.stop();
      await stage.one.tell(change(2));
      await until('the other to hear', () => heard['other']?.length === 2);
      expect(heard['one']).toHaveLength(1);
    });
  });
}
