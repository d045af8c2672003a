/**
 * Plugin for Web Test Runner: keeps the tests that have a text in their title or in that of a group around them. Mocha's `grep` does
 * not do, because the runner takes the tests that it leaves out for failed.
 *
 * @param {string | undefined} name without a name, all tests stay
 */
export function nameFilter(name) {
  const keep = `;(function keep(suite) {
    suite.tests = suite.tests.filter(test => test.fullTitle().includes(${JSON.stringify(name)}));
    suite.suites.forEach(keep);
  })(window.mocha.suite);`;
  return {
    name: 'name-filter',
    transform({path, body}) {
      return name && path.endsWith('.browser.ts') ? {body: `${body}\n${keep}`} : undefined;
    },
  };
}
