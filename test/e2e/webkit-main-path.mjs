/**
 * The main path in stock WebKitGTK, which Playwright does not drive: webdriverio over WebKitWebDriver. `npm test` runs it
 * where Playwright's own WebKit is not installed; manually: `node --import tsx --test test/e2e/webkit-main-path.mjs`.
 */
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {remote} from 'webdriverio';
import {findBrowsers} from '../support/browsers.mjs';
import {startWebKitDriver} from '../support/webkit-driver.mjs';
import {startDemo} from './demo.js';

const TIMEOUT_MS = 15_000;

describe('the demo in WebKit', () => {
  let demo;
  let browser;

  before(async () => {
    demo = await startDemo();
    browser = await remote(await startWebKitDriver(findBrowsers().webkit));
  });

  after(async () => {
    await browser?.deleteSession();
    await demo?.close();
  });

  const waitFor = (condition, timeoutMsg) =>
    browser.waitUntil(condition, {timeout: TIMEOUT_MS, interval: 50, timeoutMsg});

  const elementState = () =>
    browser.execute(() => document.querySelector('meshes-workspace')?.state ?? 'not defined');

  const frameInShadowRoot = () =>
    browser.execute(() =>
      document.querySelector('meshes-workspace').shadowRoot.querySelector('iframe'),
    );

  const headingIs = async text => {
    const heading = await browser.$('h1');
    await waitFor(async () => (await heading.getText()) === text, `no heading "${text}"`);
  };

  it('signs the workspace in', async () => {
    await browser.url(demo.hostOrigin);
    await waitFor(async () => (await elementState()) === 'ready', 'the element did not get ready');
  });

  it('gives the frame the height of its content', async () => {
    await waitFor(async () => {
      const frame = await browser.$(await frameInShadowRoot());
      return (await frame.getSize('height')) > 480;
    }, 'the frame kept its minimum height');
  });

  it('shows the dashboard, and the events at a click', async () => {
    await browser.switchFrame(await browser.$(await frameInShadowRoot()));
    await headingIs('Dashboard');
    await (await browser.$('a=Events')).click();
    await headingIs('Events');
    await browser.switchFrame(null);
  });

  it('keeps the session through a refresh', async () => {
    const expiresAt = await browser.execute(async () => {
      const element = document.querySelector('meshes-workspace');
      const before = Number(element.expiresAt);
      await element.refresh();
      return {before, after: Number(element.expiresAt)};
    });
    assert.ok(expiresAt.after > expiresAt.before, 'refresh() brought no later expiry');
    assert.equal(await elementState(), 'ready');
  });
});
