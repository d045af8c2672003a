import {defineConfig, type Project} from '@playwright/test';
import {ENGINES, findBrowsers} from '../support/browsers.mjs';

const found = findBrowsers();

/**
 * The fixtures for Playwright answer intercepted requests. WebDriver BiDi, which drives a system Firefox, hands out no bodies of
 * requests. Playwright's own Firefox runs these tests.
 */
const INTERCEPTED = /testing-(kit|docs)\.spec\.ts$/;

/** WebKit runs here with Playwright's own build alone; `webkit-main-path.mjs` drives WebKitGTK otherwise. */
const projects = ENGINES.flatMap((name): Project[] => {
  const browser = found[name];
  if (!browser?.launchOptions) return [];
  const {channel, launchOptions} = browser;
  const use = {browserName: name, launchOptions, ...(channel ? {channel} : {})};
  return [{name, use, ...(channel === 'moz-firefox' ? {testIgnore: INTERCEPTED} : {})}];
});

const report = process.env.PLAYWRIGHT_REPORT;

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 60_000,
  expect: {timeout: 10_000},
  reporter: report ? [['list'], ['json', {outputFile: report}]] : 'list',
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
  },
  projects,
});
