/** A page on https, as in production, into whose `launch-url` an attacker has written an address of their own. */
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {BrowserContext, Page} from '@playwright/test';
import {expect, test} from './fixtures.js';

const HOST = 'https://app.example';
const FRAME = 'https://embed.example';
const TOKEN = 'token-of-the-user';
const SCRIPT = readFileSync(
  fileURLToPath(import.meta.resolve('meshes-workspace/cdn/meshes-workspace.iife.min.js')),
);

/** Asks for a token as a workspace does, and reports what it hears. */
const FRAME_PAGE = `<script>
  onmessage = ({data}) => fetch('/heard?' + encodeURIComponent(JSON.stringify(data)));
  parent.postMessage({type: 'meshes:ready'}, '*');
</script>`;

/** The site of a host and the site in its frame: no address of theirs exists outside of the browser. */
async function serve(context: BrowserContext, attributes: string, answer: object) {
  const heard: unknown[] = [];
  let asked = 0;
  await context.route(`${HOST}/**`, (route, request) => {
    const {pathname} = new URL(request.url());
    if (pathname === '/script.js') {
      return route.fulfill({contentType: 'text/javascript', body: SCRIPT});
    }
    if (pathname === '/session') {
      asked += 1;
      return route.fulfill({json: {access_token: TOKEN, ...answer}});
    }
    const tag = `<meshes-workspace launch-url="${FRAME}/w?launch=1" token-endpoint="/session" ${attributes}></meshes-workspace>`;
    const body = `<!doctype html><link rel="icon" href="data:,"><script src="/script.js"></script>${tag}`;
    return route.fulfill({contentType: 'text/html', body});
  });
  await context.route(`${FRAME}/**`, (route, request) => {
    const {pathname, search} = new URL(request.url());
    if (pathname === '/heard') heard.push(JSON.parse(decodeURIComponent(search.slice(1))));
    return route.fulfill({contentType: 'text/html', body: FRAME_PAGE});
  });
  return {heard, asked: () => asked};
}

const stateOf = (page: Page) =>
  page.locator('meshes-workspace').evaluate(element => Reflect.get(element, 'state') as unknown);

for (const [name, attributes, answer] of [
  ['a session ID, whose token comes alone', 'session-id="s"', {}],
  ['no session ID, and a token that comes alone', '', {session_id: 's'}],
  [
    'a session ID, and a token for Meshes',
    'session-id="s"',
    {embed_origin: 'https://embed.meshes.io'},
  ],
] as const) {
  test(`an injected launch URL gets no token: ${name}`, async ({
    context,
    page,
    consoleMessages,
  }) => {
    consoleMessages.allow(/origin_not_allowed/);
    const site = await serve(context, attributes, answer);
    await page.goto(`${HOST}/`);
    const workspace = page.locator('meshes-workspace');
    await expect.poll(() => stateOf(page)).toBe('failed');
    expect(await workspace.evaluate(element => Reflect.get(element, 'error').code as unknown)).toBe(
      'origin_not_allowed',
    );
    expect(site.asked()).toBe(1);
    expect(await page.locator('meshes-workspace iframe').count()).toBe(0);
    expect(site.heard).toEqual([]);
  });
}

for (const [name, attributes, answer] of [
  ['embed-origin', `session-id="s" embed-origin="${FRAME}"`, {}],
  ['embed_origin of the answer', 'session-id="s"', {embed_origin: FRAME}],
  ['launch_url of the answer', '', {session_id: 's', launch_url: `${FRAME}/w?launch=2`}],
] as const) {
  test(`a launch URL gets its token if something else names its origin: ${name}`, async ({
    context,
    page,
    consoleMessages,
  }) => {
    consoleMessages.allow(/session_id_missing/);
    const site = await serve(context, attributes, answer);
    await page.goto(`${HOST}/`);
    await expect.poll(() => site.heard).toEqual([{type: 'meshes:auth', token: TOKEN}]);
    await expect.poll(() => stateOf(page)).toBe('ready');
  });
}
