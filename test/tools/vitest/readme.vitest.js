/** The sample "In a script" of the README, as it is there. See vitest.config.js. */
import {expect, test, vi} from 'vitest';

test('the script in the README defines the element and adds it to the page', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const error = await import('virtual:readme-script').catch(reason => reason);
  const workspace = document.querySelector('meshes-workspace');
  expect(workspace.state).toBe('idle');
  expect(workspace.tokenEndpoint).toBe('/api/meshes/session');
  // The last line waits, and this DOM has no workspace.
  expect(error.message).toMatch(/jsdom and happy-dom/);
});
