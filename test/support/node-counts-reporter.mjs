/** Reporter for node:test that yields nothing but `{"passed", "failed", "skipped"}` at the end of the run. */
import path from 'node:path';

export default async function* countsReporter(source) {
  const counts = {passed: 0, failed: 0, skipped: 0};
  for await (const {type, data} of source) {
    // An error after the end of its test fails nothing by itself.
    if (type === 'test:diagnostic' && /would have caused the test to fail/.test(data.message)) {
      counts.failed += 1;
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    // A file without a single test is reported as a passed test with the name of the file.
    const isEmptyFile = data.nesting === 0 && path.resolve(data.name) === data.file;
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    else if (type === 'test:pass' && !isEmptyFile) counts.passed += 1;
    else counts.failed += 1;
  }
  yield JSON.stringify(counts);
}
