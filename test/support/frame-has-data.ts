import type {Page} from '@playwright/test';

/**
 * Waits until the frame has its data. To be called before a refresh, or an end of the session, that a test asks for. After it, Meshes
 * refuses a request that still carries the earlier token, and the console shows the refusal. What comes with the data can have the
 * focus, too.
 */
export const frameHasData = (page: Page, selector = 'meshes-workspace iframe'): Promise<void> =>
  page
    .frameLocator(selector)
    .locator('#app[aria-busy="false"] > main[aria-busy="false"]')
    .waitFor();
