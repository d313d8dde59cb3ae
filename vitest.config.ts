import { defineConfig } from 'vitest/config';

// The suffix of a file says what it needs: `.spec.ts` nothing, `.int.spec.ts` a real database and broker,
// `.browser.spec.ts` a Chromium. Files that share servers run one after another: two of them on two cores would
// measure each other, and a fault test kills what its neighbour uses.
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.spec.ts', 'test/**/*.spec.tsx'],
          exclude: ['**/*.int.spec.ts', '**/*.browser.spec.ts', '**/node_modules/**'],
          setupFiles: ['test/support/seed.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['test/**/*.int.spec.ts'],
          globalSetup: ['test/support/servers/global-setup.mjs'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/**/*.browser.spec.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
