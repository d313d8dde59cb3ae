import { describe, expect, it } from 'vitest';
import { summarise } from '../../scripts/lib/summary.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((each) => ({ status: each })),
});
const report = {
  numPassedTests: 2,
  numFailedTests: 1,
  numPendingTests: 3,
  numTodoTests: 1,
  testResults: [file('passed', 'passed', 'pending'), file('failed', 'passed', 'failed')],
};

describe('summarise', () => {
  it('counts tests over all files', () => {
    expect(summarise(report, [])).toEqual({ passed: 2, failed: 1, skipped: 4 });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const testResults = [...report.testResults, file('failed')];
    expect(summarise({ ...report, testResults }, [])).toEqual({ passed: 2, failed: 2, skipped: 4 });
  });

  it('counts a check that did not hold, and a run that left no report', () => {
    expect(summarise(report, ['check', 'build']).failed).toBe(3);
    expect(summarise(null, [])).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
