/** A site of a test: its own pages, and session endpoints that ask the emulator. */
import {createMeshesServer} from 'meshes-workspace/server';
import {demoCredentials} from '../../src/emulator/index.js';
import {listen} from '../../demo/listen.js';
import type {Demo} from './demo.js';

export interface Site {
  readonly origin: string;
  /** Bodies and headers of the requests for a session, oldest first. */
  readonly sessionRequests: readonly {body: Record<string, unknown>; headers: Headers}[];
  /** Requests for a fresh session, and those for a token of one. */
  mints(): number;
  refreshes(): number;
  /** How often launch URLs were loaded into frames. */
  launches(): Promise<number>;
  close(): Promise<void>;
}

export type Pages = (path: string) => Response | undefined | Promise<Response | undefined>;

const SESSION = '/api/meshes/session';

export async function startSite({apiOrigin}: Demo, pages: Pages): Promise<Site> {
  const {workspaceId, organizationId, accessKey, secretKey} = demoCredentials;
  const meshes = createMeshesServer({
    credentials: () => ({organizationId, accessKey, secretKey}),
    baseUrl: `${apiOrigin}/api/v1`,
    authorize: () => ({userId: 'ada', workspaceId, role: 'admin'}),
  });
  const sessionRequests: {body: Record<string, unknown>; headers: Headers}[] = [];
  const asksForToken = ({body}: {body: object}) => 'session_id' in body;

  const server = await listen(
    async request => {
      const {pathname} = new URL(request.url);
      if (pathname.startsWith(SESSION)) {
        const body = (await request.clone().json()) as Record<string, unknown>;
        sessionRequests.push({body, headers: request.headers});
        return meshes.handler(request);
      }
      if (pathname === '/favicon.ico') return new Response(null, {status: 204});
      return (await pages(pathname)) ?? new Response('There is no such page.', {status: 404});
    },
    0,
    'localhost',
    'PORT',
  );

  return {
    origin: server.origin,
    sessionRequests,
    mints: () => sessionRequests.filter(request => !asksForToken(request)).length,
    refreshes: () => sessionRequests.filter(asksForToken).length,
    async launches() {
      const response = await fetch(`${apiOrigin}/__emulator/state`);
      const {sessions} = (await response.json()) as {sessions: {launches: number}[]};
      return sessions.reduce((sum, {launches}) => sum + launches, 0);
    },
    close: () => server.close(),
  };
}

export function html(body: string, headers: Record<string, string> = {}): Response {
  return new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title></head><body>${body}</body></html>`,
    {headers: {'content-type': 'text/html; charset=utf-8', ...headers}},
  );
}

export function script(code: string | Uint8Array): Response {
  return new Response(code as BodyInit, {
    headers: {'content-type': 'text/javascript; charset=utf-8'},
  });
}
