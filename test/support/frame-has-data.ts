import type {Page} from '@playwright/test';

/**
 * Waits until the frame has its data. The emulator, as Meshes, refuses a request that still carries the token of before a refresh,
 * and the console shows the refusal: so before each refresh that a test asks for.
 */
export const frameHasData = (page: Page): Promise<void> =>
  page
    .frameLocator('meshes-workspace iframe')
    .locator('#app[aria-busy="false"] > main[aria-busy="false"]')
    .waitFor();
