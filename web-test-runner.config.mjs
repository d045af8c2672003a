/**
 * `npx wtr` runs the element's tests in every engine that is found, `BROWSERS=chromium,webkit npx wtr` in the named ones.
 * `npx wtr --files test/element/x.browser.ts` runs one file. `CONCURRENT_BROWSERS=3` takes the engines beside each other, which is
 * harder on the tests. `TEST_NAME='some words'` runs only the tests that have these words in their title.
 */
import {writeSync} from 'node:fs';
import path from 'node:path';
import {esbuildPlugin} from '@web/dev-server-esbuild';
import {defaultReporter} from '@web/test-runner';
import {playwrightLauncher} from '@web/test-runner-playwright';
import {webdriverLauncher} from '@web/test-runner-webdriver';
import {findBrowsers, installAdvice} from './test/support/browsers.mjs';
import {startWebKitDriver} from './test/support/webkit-driver.mjs';
import {bundle} from './test/support/wtr-bundle.mjs';
import {nameFilter} from './test/support/wtr-name-filter.mjs';
import {endpoints} from './test/support/wtr-endpoints.mjs';
import {stage} from './test/support/wtr-stage.mjs';
import {countsReporter} from './test/support/wtr-counts-reporter.mjs';

// The runner holds back what is written to the console, and loses it where it stops for an error.
process.on('uncaughtExceptionMonitor', ({stack}) => writeSync(2, `${stack}\n`));

const rootDir = import.meta.dirname;
const found = findBrowsers();
const names = process.env.BROWSERS?.split(',').map(name => name.trim()) ?? Object.keys(found);
const missing = names.filter(name => !found[name]);
if (names.length === 0 || missing.length > 0) {
  throw new Error(installAdvice(missing.length > 0 ? missing : ['chromium']));
}

async function launcher(product) {
  const {launchOptions, channel, driver, miniBrowser} = found[product];
  if (driver) {
    const options = await startWebKitDriver({driver, miniBrowser});
    // Otherwise the driver waits for the `load` event, which frames of the tests can hold back until the request is given up.
    const capabilities = {...options.capabilities, pageLoadStrategy: 'none'};
    return webdriverLauncher({...options, capabilities});
  }
  // Without a graphics card the skeleton's pulse takes a core, from the page that is tested and from the other engines.
  return product === 'firefox'
    ? playwrightLauncher({
        product,
        launchOptions: {
          ...launchOptions,
          channel,
          firefoxUserPrefs: {...launchOptions.firefoxUserPrefs, 'ui.prefersReducedMotion': 1},
        },
      })
    : playwrightLauncher({
        product,
        launchOptions: {...launchOptions, channel},
        createBrowserContext: ({browser}) => browser.newContext({reducedMotion: 'reduce'}),
      });
}

export default {
  rootDir,
  files: ['test/**/*.browser.ts', '!**/node_modules/**'],
  nodeResolve: true,
  plugins: [
    bundle(),
    esbuildPlugin({ts: true, target: 'es2022', tsconfig: path.join(rootDir, 'tsconfig.json')}),
    stage(),
    nameFilter(process.env.TEST_NAME),
  ],
  middleware: [endpoints()],
  browsers: await Promise.all(names.map(launcher)),
  // One page at a time: timing stays honest on small machines, and the WebDriver launcher runs each test file in a page of
  // its own only so.
  concurrency: 1,
  concurrentBrowsers: Number(process.env.CONCURRENT_BROWSERS ?? 1),
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 5 * 60_000,
  testFramework: {config: {timeout: 10_000}},
  // Mocha fails a test for an uncaught error, but not for an unhandled rejection: make it one.
  testRunnerHtml: testFramework => `<!doctype html>
    <html lang="en">
      <body>
        <script>
          addEventListener('unhandledrejection', ({reason}) => {
            throw reason;
          });
        </script>
        <script type="module" src="${testFramework}"></script>
      </body>
    </html>`,
  filterBrowserLogs: ({args}) => !String(args[0]).startsWith('Lit is in dev mode'),
  reporters: [defaultReporter({reportTestProgress: false}), countsReporter()],
};
