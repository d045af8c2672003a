/** Reporter for node:test that prints the tests that `npm test -- -t` has selected, and not the skipped ones. */
import {inspect} from 'node:util';
import {isFilteredOut} from './node-counts-reporter.mjs';

export default async function* namedTestsReporter(source) {
  for await (const {type, data} of source) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const error = data.details.error;
    // A suite tells no more than its tests, unless one of its hooks has failed.
    const isSilent =
      data.details.type === 'suite' && (!error || error.failureType === 'subtestsFailed');
    if (isSilent || isFilteredOut(data)) continue;
    yield `${error ? '✖' : '✔'} ${data.name} (${Math.round(data.details.duration_ms)} ms)\n`;
    if (error) yield `${inspect(error.cause ?? error)}\n`;
  }
}
