import type {Page} from '@playwright/test';

/**
 * Waits until the frame has its data. The emulator, as Meshes, refuses a request that still carries the token of before a refresh,
 * or of an ended session, and the console shows the refusal: so before each refresh and each end that a test asks for. What has
 * come with the data can have the focus, too.
 */
export const frameHasData = (page: Page, selector = 'meshes-workspace iframe'): Promise<void> =>
  page
    .frameLocator(selector)
    .locator('#app[aria-busy="false"] > main[aria-busy="false"]')
    .waitFor();
