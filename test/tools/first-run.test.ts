/** From an empty folder to a green Playwright test and to a running emulator, with the packed package. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {describe, measureFirstRun} from '../../scripts/measure/first-run.js';

test('the commands of docs/testing.md lead from an empty folder to a green test, and run without a network', async t => {
  const result = await measureFirstRun();
  for (const line of describe(result)) t.diagnostic(line);
  assert.ok(result.install + result.tests < 60_000);
  assert.ok(result.starts.npx < 2_000);
  if (process.platform === 'linux' && process.getuid?.() === 0) assert.ok(result.offline);
});
