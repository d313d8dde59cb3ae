/**
 * Counts over all projects, from Vitest's JSON report. A file that could not even be loaded has no tests to count, so
 * it counts as one failure; so does each entry of `failures`, and a run that left no report.
 */
export function summarise(report, failures) {
  if (!report) return { passed: 0, failed: failures.length + 1, skipped: 0 };
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.every(unfailed));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length + failures.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

const unfailed = (test) => test.status !== 'failed';
