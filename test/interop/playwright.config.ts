import {defineConfig} from '@playwright/test';
import {findBrowsers} from '../support/browsers.mjs';

export default defineConfig({
  testDir: '.',
  testMatch: 'drive.ts',
  outputDir: '../../test-results/interop',
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  reporter: [['json', {outputFile: process.env.INTEROP_REPORT}]],
  use: {
    browserName: 'chromium',
    ...findBrowsers().chromium,
    actionTimeout: 10_000,
  },
});
