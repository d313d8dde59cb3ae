import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('the seed of property tests', () => {
  it('is the same for all, and for those without a wish of their own', () => {
    const drawn = (): number[] => {
      const values: number[] = [];
      fc.assert(
        fc.property(fc.integer(), (value) => {
          values.push(value);
        }),
        { numRuns: 20 },
      );
      return values;
    };
    const { seed = Number.NaN } = fc.readConfigureGlobal();
    expect(seed).toBe(Number(process.env['FC_SEED'] || seed));
    expect(drawn()).toEqual(drawn());
    expect(drawn()).toEqual(fc.sample(fc.integer(), { numRuns: 20, seed }));
    expect(drawn()).not.toEqual(fc.sample(fc.integer(), { numRuns: 20, seed: seed + 1 }));
  });
});
