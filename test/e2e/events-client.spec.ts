import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {expect, test} from '@playwright/test';
import {build} from 'esbuild';

const key = 'mesh_pub_e2e_workspace_0123456789';

for (const keepalive of [true, false]) {
  const outcome = keepalive ? 'arrives with keepalive' : 'is lost without keepalive';

  test(`an event that is sent while the user leaves the page ${outcome}`, async ({page}) => {
    let answerPreflights = () => {};
    const isPageLeft = new Promise<void>(resolve => (answerPreflights = resolve));
    const arrived: {key: unknown; event: string}[] = [];

    // Another site than the page, as Meshes is: the browser asks first, and gets no answer before the page is gone.
    const api = await start('127.0.0.1', (req, res) => {
      res.setHeader('Access-Control-Allow-Origin', '*');
      res.setHeader(
        'Access-Control-Allow-Headers',
        'content-type, x-meshes-client, x-meshes-publishable-key',
      );
      if (req.method === 'OPTIONS') {
        void isPageLeft.then(() => res.writeHead(204).end());
        return;
      }
      let body = '';
      req.on('data', chunk => (body += String(chunk)));
      req.on('end', () => {
        const {event} = JSON.parse(body) as {event: string};
        arrived.push({key: req.headers['x-meshes-publishable-key'], event});
        res.writeHead(201, {'Content-Type': 'application/json'}).end('{}');
      });
    });
    const clientScript = await bundleClient(`${api.origin}/api/v1`);
    const site = await start('localhost', (req, res) => {
      if (req.url === '/client.js') {
        res.setHeader('Content-Type', 'text/javascript');
        return res.end(clientScript);
      }
      res.setHeader('Content-Type', 'text/html');
      return res.end(
        req.url === '/next'
          ? `<h1>Next page</h1>
            <script type="module">
              import {client} from './client.js';
              client.emit({event: 'page.entered', payload: {id: 'x'}});
            </script>`
          : `<a href="/next">Leave</a>
            <script type="module">
              import {client} from './client.js';
              document.querySelector('a').addEventListener('click', () => {
                client.emit({event: 'page.left', payload: {id: 'x'}}, {keepalive: ${keepalive}});
              });
            </script>`,
      );
    });

    try {
      await page.goto(site.origin);
      await page.getByRole('link', {name: 'Leave'}).click();
      await expect(page.getByRole('heading', {name: 'Next page'})).toBeVisible();
      answerPreflights();
      const expected = keepalive ? ['page.entered', 'page.left'] : ['page.entered'];
      await expect.poll(() => arrived.map(({event}) => event).sort()).toEqual(expected);
      expect(arrived.every(call => call.key === key)).toBe(true);
    } finally {
      await Promise.all([api.close(), site.close()]);
    }
  });
}

async function start(host: string, listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, host, resolve));
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bundleClient(apiBaseUrl: string): Promise<string> {
  const {outputFiles} = await build({
    stdin: {
      contents: `
        import {MeshesEventsClient} from './src/events/index.ts';
        export const client = new MeshesEventsClient('${key}', {apiBaseUrl: '${apiBaseUrl}'});`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0]!.text;
}
