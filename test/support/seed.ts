import fc from 'fast-check';

/**
 * Property tests try the same cases in every run, so that a change that breaks one is the change that shows it.
 * `FC_SEED`, a whole number, makes them try others.
 */
const FIXED = 20_261_122;

const seed = Number(process.env['FC_SEED'] || FIXED);

if (!Number.isSafeInteger(seed)) {
  throw new Error(
    `Expected a whole number in FC_SEED, but found "${process.env['FC_SEED']}". Leave it out, or set one.`,
  );
}

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
