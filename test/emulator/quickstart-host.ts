import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {machineJwt, demoCredentials} from './support.js';

/**
 * A host page as the published quickstart has it: its message handler stands below as it is
 * printed there. `refreshMeshesSession` and the values before it are what it leaves to the host.
 */
const quickstartCode = `
const iframe = document.querySelector('iframe');
const embedOrigin = new URL(launchUrl).origin;

window.addEventListener('message', async (event) => {
  if (event.origin !== embedOrigin) return;
  if (event.source !== iframe?.contentWindow) return;

  switch (event.data?.type) {
    case 'meshes:ready':
      iframe?.contentWindow?.postMessage(
        {
          type: 'meshes:auth',
          token: accessToken,
        },
        embedOrigin
      );
      break;

    case 'meshes:token-refresh': {
      const refreshed = await refreshMeshesSession(sessionId);
      accessToken = refreshed.access_token;

      iframe?.contentWindow?.postMessage(
        {
          type: 'meshes:auth',
          token: accessToken,
        },
        embedOrigin
      );
      break;
    }

    case 'meshes:resize':
      iframe.style.height = \`\${Math.max(480, event.data.height)}px\`;
      break;
  }
});
`;

const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">
  <style>body { margin: 0 }</style></head>
  <body>
    <iframe title="Meshes workspace" style="width: 100%; border: 0"></iframe>
    <script type="module">
      window.messages = [];
      addEventListener('message', event => window.messages.push(event.data));
      const answer = await fetch('/mint', {method: 'POST', body: location.search.slice(1)});
      const session = await answer.json();
      const launchUrl = session.launch_url, sessionId = session.session_id;
      let accessToken = session.access_token;
      window.sessionId = sessionId;
      const refreshMeshesSession = async id =>
        (await fetch('/refresh/' + id, {method: 'POST'})).json();
      ${quickstartCode}
      iframe.src = launchUrl;
    </script>
  </body>
</html>`;

const emptyPage = `<!doctype html><html lang="en"><title>Empty</title><link rel="icon" href="data:,">`;

export interface QuickstartHost {
  /** Its page takes mint fields as its query: `/?role=admin`. Any other path is an empty page. */
  readonly origin: string;
  /** Refreshes that the page's backend was asked for. */
  readonly refreshes: () => number;
  close(): Promise<void>;
}

/** Starts the host page with its backend on `localhost`, another site than the embed app's. */
export const startQuickstartHost = async (apiOrigin: string): Promise<QuickstartHost> => {
  let refreshes = 0;
  const callMeshes = async (path: string, body?: unknown): Promise<string> => {
    const response = await fetch(`${apiOrigin}/api/v1${path}`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${await machineJwt()}`,
        ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
      },
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    });
    return response.text();
  };
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const {pathname} = new URL(request.url ?? '/', 'http://localhost');
      if (request.method === 'GET') {
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.end(pathname === '/' ? page : emptyPage);
        return;
      }
      response.setHeader('Content-Type', 'application/json');
      if (pathname === '/mint') {
        let text = '';
        for await (const chunk of request) text += String(chunk);
        const fields = Object.fromEntries(new URLSearchParams(text));
        const {scopes, ...rest} = fields;
        response.end(
          await callMeshes('/sessions', {
            workspace_id: demoCredentials.workspaceId,
            role: 'admin',
            allowed_origins: [`http://localhost:${(server.address() as AddressInfo).port}`],
            ...rest,
            ...(scopes === undefined ? {} : {scopes: scopes.split(' ')}),
          }),
        );
        return;
      }
      refreshes++;
      response.end(await callMeshes(`/sessions/${pathname.slice('/refresh/'.length)}/refresh`));
    };
    void answer();
  });
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    refreshes: () => refreshes,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
