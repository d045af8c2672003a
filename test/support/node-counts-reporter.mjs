/** Reporter for node:test that yields nothing but `{"passed", "failed", "skipped"}` at the end of the run. */
import path from 'node:path';

/** Whether `npm test -- -t` has left this test out. Node 22 and later do not report such tests, but a file that has no others. */
export const isFilteredOut = data =>
  data.skip === 'test name does not match pattern' ||
  (process.env.TEST_NAME !== undefined && isEmptyFile(data));

/** A file without a single test is reported as a passed test with the name of the file. */
const isEmptyFile = ({name, nesting, file}) => nesting === 0 && path.resolve(name) === file;

export default async function* countsReporter(source) {
  const counts = {passed: 0, failed: 0, skipped: 0};
  for await (const {type, data} of source) {
    // An error after the end of its test fails nothing by itself.
    if (type === 'test:diagnostic' && /would have caused the test to fail/.test(data.message)) {
      counts.failed += 1;
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite' || isFilteredOut(data)) continue;
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    else if (type === 'test:pass' && !isEmptyFile(data)) counts.passed += 1;
    else counts.failed += 1;
  }
  yield JSON.stringify(counts);
}
