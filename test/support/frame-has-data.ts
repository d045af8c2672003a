import type {Page} from '@playwright/test';

/**
 * Waits until the frame has its data. To be called before a refresh that a test asks for: Meshes then refuses a request that still
 * carries the earlier token, and the console shows the refusal.
 */
export const frameHasData = (page: Page): Promise<void> =>
  page
    .frameLocator('meshes-workspace iframe')
    .locator('#app[aria-busy="false"] > main[aria-busy="false"]')
    .waitFor();
