/** A network that goes away and comes back, by the browser's own switch. */
import {expect, test} from './fixtures.js';

test('a workspace that goes offline keeps its frame and its token, and continues when online', async ({
  page,
  context,
  demo,
  consoleMessages,
}) => {
  // Browsers report each request that did not get through.
  consoleMessages.allow(
    /ERR_INTERNET_DISCONNECTED|NS_ERROR_OFFLINE|endpoint_network|#offline|Failed to load resource|request: /,
  );
  await page.goto(demo.hostOrigin);
  const state = page.locator('#state');
  await expect(state).toHaveText('ready');
  const frame = await page.locator('meshes-workspace iframe').elementHandle();

  await context.setOffline(true);
  const outcome = page.evaluate(() => {
    const workspace = document.querySelector('meshes-workspace')!;
    const warnings: string[] = [];
    workspace.addEventListener('meshes-warning', event =>
      warnings.push((event as CustomEvent<{code: string}>).detail.code),
    );
    return (workspace as HTMLElement & {refresh(): Promise<void>}).refresh().then(() => warnings);
  });
  await expect(state).toHaveText('reconnecting');
  await expect(page.locator('meshes-workspace [part=expired]')).toBeHidden();
  const during = await page.evaluate(() => {
    const {expiresAt} = document.querySelector('meshes-workspace') as HTMLElement & {
      expiresAt: number;
    };
    return expiresAt > Date.now();
  });
  expect(during).toBe(true);

  await context.setOffline(false);
  await expect(state).toHaveText('ready');
  expect(await outcome).toEqual(['endpoint_network', 'offline']);
  const after = await page.locator('meshes-workspace iframe').elementHandle();
  expect(await page.evaluate(([a, b]) => a === b, [frame, after])).toBe(true);
});
