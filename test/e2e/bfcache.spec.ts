/** The back/forward cache, which Playwright turns off unless it is told not to. */
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {expect, test} from './fixtures.js';

test.use({
  launchOptions: [
    async ({launchOptions}, use) =>
      use({...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache']}),
    {scope: 'worker'},
  ],
});

const dist = path.resolve(import.meta.dirname, '../../dist');
const script = readFileSync(path.join(dist, 'cdn/meshes-workspace.iife.min.js'));
const instant = readFileSync(path.join(dist, 'cdn/instant.min.js'));
const HOST = `<!doctype html><link rel="icon" href="data:,"><title>Host</title><script src="/workspace.js"></script>
  <script>
    addEventListener('pageshow', ({persisted}) => fetch('/note/' + (persisted ? 'restored' : 'loaded')));
  </script>
  <meshes-workspace token-endpoint="/session"></meshes-workspace>`;
/** Leaves the route of the workspace once it is ready, and returns to it when the page does. */
const KEEPING_HOST = `<!doctype html><link rel="icon" href="data:,"><title>Host</title><script src="/workspace.js"></script>
  <meshes-workspace token-endpoint="/session"></meshes-workspace>
  <script type="module">
    import {keep} from '/instant.js';
    const note = text => fetch('/note/' + text);
    const element = document.querySelector('meshes-workspace');
    element.whenReady().then(() => {
      const kept = keep(element);
      element.remove();
      note(kept ? 'kept' : 'not-kept');
    });
    addEventListener('pageshow', async ({persisted}) => {
      if (!persisted) return;
      const next = document.createElement('meshes-workspace');
      next.setAttribute('token-endpoint', '/session');
      document.body.append(next);
      await next.whenReady();
      note('returned');
    });
  </script>`;
/** Notes each token that it is given. */
const EMBED = `<!doctype html><title>Workspace</title><script>
  addEventListener('message', ({data}) => fetch('/note/' + data.token));
  parent.postMessage({type: 'meshes:ready'}, '*');
</script>`;
const AWAY = '<!doctype html><link rel="icon" href="data:,"><title>Elsewhere</title>';

/** A host page that may be cached, unlike the demo's; its pages note here what they see, as drivers lose sight of restored ones. */
async function startHost() {
  const bodies: string[] = [];
  const notes: string[] = [];
  const server = createServer((request, response) => {
    const answer = (type: string, body: string | Buffer) =>
      response.setHeader('Content-Type', type).end(body);
    const {pathname} = new URL(request.url!, 'http://localhost');
    if (pathname === '/workspace.js') answer('text/javascript', script);
    else if (pathname === '/embed') answer('text/html', EMBED);
    else if (pathname === '/away') answer('text/html', AWAY);
    else if (pathname === '/') answer('text/html', HOST);
    else if (pathname === '/keeping') answer('text/html', KEEPING_HOST);
    else if (pathname === '/instant.js') answer('text/javascript', instant);
    else if (pathname.startsWith('/note/')) {
      notes.push(pathname.slice('/note/'.length));
      response.writeHead(204).end();
    } else if (pathname !== '/session') response.writeHead(404).end();
    else {
      let body = '';
      request.on('data', chunk => (body += String(chunk)));
      request.on('end', () => {
        const count = bodies.push(body);
        const {port} = server.address() as AddressInfo;
        const session = {
          session_id: 'sess_1',
          access_token: `token-${count}`,
          expires_in: 1800,
          launch_url: `http://127.0.0.1:${port}/embed?launch=${count}`,
        };
        response.setHeader('Cache-Control', 'no-store');
        answer('application/json', JSON.stringify(session));
      });
    }
  }).listen(0);
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    bodies,
    notes,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('a page from the back/forward cache keeps working, and refreshes a token that ends soon', async ({
  page,
  browserName,
}) => {
  const host = await startHost();
  const noted = (count: number) => expect.poll(() => host.notes.length).toBe(count);
  await page.goto(host.origin);
  await noted(2);
  expect(host.notes).toEqual(expect.arrayContaining(['loaded', 'token-1']));
  await page.evaluate(() => {
    // Hours pass while the page is away.
    const {now} = Date;
    Date.now = () => now() + 8 * 3_600_000;
    location.href = '/away';
  });
  await page.waitForURL('**/away');
  await page.evaluate(() => history.back());
  await noted(4);

  // A WebKit that does not keep the page loads it anew, with a session of its own.
  const restored = browserName !== 'webkit' || host.notes.includes('restored');
  expect(host.notes).toContain(restored ? 'restored' : 'loaded');
  expect(host.notes).toContain('token-2');
  expect(host.bodies).toEqual(['{}', restored ? '{"session_id":"sess_1"}' : '{}']);
  host.close();
});

test('a kept workspace returns on a page from the back/forward cache, and starts anew on a reloaded one', async ({
  page,
  browserName,
}) => {
  // WebKit cannot move a frame, so it keeps nothing.
  const kept = browserName !== 'webkit';
  const host = await startHost();
  const noted = (count: number) => expect.poll(() => host.notes.length).toBe(count);
  await page.goto(`${host.origin}/keeping`);
  await noted(2);
  expect(host.notes).toEqual(expect.arrayContaining(['token-1', kept ? 'kept' : 'not-kept']));
  await page.reload();
  await noted(4);
  expect(host.notes.slice(2)).toEqual(
    expect.arrayContaining(['token-2', kept ? 'kept' : 'not-kept']),
  );

  await page.evaluate(() => {
    location.href = '/away';
  });
  await page.waitForURL('**/away');
  await page.evaluate(() => history.back());
  if (kept) {
    await noted(5);
    expect(host.notes[4]).toBe('returned');
    expect(host.bodies).toEqual(['{}', '{}']);
  }
  host.close();
});
