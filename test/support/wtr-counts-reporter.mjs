/** Ends a run of Web Test Runner with one line of counts, and writes them to the file named by WTR_COUNTS. */
import {writeFileSync} from 'node:fs';
import path from 'node:path';

export function countsReporter() {
  return {
    onTestRunFinished({sessions}) {
      const counts = {passed: 0, failed: 0, skipped: 0};
      for (const session of sessions) {
        const tests = leaves(session.testResults);
        for (const test of tests) {
          counts[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1;
        }
        // A file that did not load, threw outside of a test or holds none is a failure of its own.
        const brokenFile = !session.passed && tests.every(test => test.passed || test.skipped);
        const isEmpty = tests.length === 0 && process.env.TEST_NAME === undefined;
        if (brokenFile || isEmpty) counts.failed += 1;
        if (isEmpty)
          console.log(
            `No test ran: ${session.browser.name}, ${path.relative('', session.testFile)}`,
          );
      }
      const browsers = [...new Set(sessions.map(session => session.browser.name))].join(', ');
      const {passed, failed, skipped} = counts;
      console.log(
        `Browser tests (${browsers}): ${passed} passed, ${failed} failed, ${skipped} skipped`,
      );
      if (process.env.WTR_COUNTS) writeFileSync(process.env.WTR_COUNTS, JSON.stringify(counts));
    },
  };
}

function leaves(suite) {
  if (!suite) return [];
  return [...suite.tests, ...suite.suites.flatMap(leaves)];
}
