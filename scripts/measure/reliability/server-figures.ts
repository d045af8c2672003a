import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {MeshesEventsClient} from '../../../src/events/index.js';
import {requestJson} from '../../../src/http/request-json.js';
import {createMeshesServer, type SessionOptions} from '../../../src/server/index.js';

const CREDENTIALS = {
  organizationId: '550e8400-e29b-41d4-a716-446655440000',
  accessKey: 'mk_demo_access_key_0123456789',
  secretKey: 'demo_secret_key_0123456789_0123456789_0123456789',
};
const WORKSPACE = '3f216741-15dd-4e46-b5ac-0077a2640e89';
const EVENTS_KEY = 'mesh_pub_demo_workspace_0123456789';

/** Sets of rights that differ from each other in one place or more. */
function grants(): SessionOptions[] {
  const kinds: SessionOptions[] = [
    {},
    {sessionType: 'dashboard'},
    {sessionType: 'resource', resource: 'contact', resourceId: '1'},
    {sessionType: 'resource', resource: 'contact', resourceId: '2'},
    {sessionType: 'resource', resource: 'deal', resourceId: '1'},
  ];
  const roles = ['member', 'admin', 'owner'] as const;
  const scopes: SessionOptions['scopes'][] = [undefined, ['events.payload:read']];
  return kinds.flatMap(kind =>
    roles.flatMap(role => scopes.map(scope => ({...kind, role, scopes: scope}))),
  );
}

function post(body: object): Request {
  return new Request('https://host.example/session', {
    method: 'POST',
    headers: {'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin'},
    body: JSON.stringify(body),
  });
}

export interface RightsRun {
  /** Pairs of rights: then and now. */
  pairs: number;
  /** Pairs that differ and got a token. */
  kept: number;
  /** Equal rights that got none. */
  lost: number;
}

/** A session for every set of rights, refreshed under every other one. */
export async function tryRights(): Promise<RightsRun> {
  let now: SessionOptions = {};
  const session = {
    session_id: 'sess_1',
    access_token: 't',
    expires_in: 60,
    launch_url: 'https://embed.meshes.io/workspace/dashboard?launch=l',
  };
  const meshes = createMeshesServer({
    credentials: CREDENTIALS,
    authorize: () => ({userId: 'user-1', workspaceId: WORKSPACE, ...now}),
    fetch: () => Promise.resolve(Response.json(session)),
  });
  const run: RightsRun = {pairs: 0, kept: 0, lost: 0};
  const all = grants();
  for (const [index, then] of all.entries()) {
    now = then;
    const created = await meshes.handler(post({}));
    const {session_id} = (await created.json()) as {session_id: string};
    for (const [other, today] of all.entries()) {
      now = today;
      const {status} = await meshes.handler(post({session_id}));
      run.pairs += 1;
      if (status === 200 && index !== other) run.kept += 1;
      if (status !== 200 && index === other) run.lost += 1;
    }
  }
  return run;
}

export interface RedirectRun {
  /** Requests that were answered by a redirect. */
  tried: number;
  /** Requests that arrived at its target: of this package, and of `fetch` as it is. */
  followed: number;
  followedByFetch: number;
}

/** Every redirect that HTTP has, as the answer to every request that carries a credential. */
export async function tryRedirects(): Promise<RedirectRun> {
  let status = 302;
  let arrived = 0;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      if (request.url === '/elsewhere') arrived += 1;
      const location = request.url === '/elsewhere' ? {} : {Location: '/elsewhere'};
      response.writeHead(request.url === '/elsewhere' ? 200 : status, location).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const meshes = createMeshesServer({
    credentials: CREDENTIALS,
    authorize: () => ({userId: 'user-1', workspaceId: WORKSPACE}),
    baseUrl: base,
    onError: () => undefined,
  });
  const events = [
    new MeshesEventsClient(EVENTS_KEY, {apiBaseUrl: base}),
    new MeshesEventsClient({token: 'machine.token.signature'}, {apiBaseUrl: base}),
  ];
  const event = {event: 'contact.created', payload: {email: 'a@b.example'}};
  const requests: (() => Promise<unknown>)[] = [
    () =>
      requestJson(
        {
          url: `${base}/session`,
          body: {},
          headers: new Headers({Authorization: 'Bearer of-the-page'}),
          credentials: 'include',
          phase: 'mint',
          now: Date.now,
          signal: new AbortController().signal,
        },
        globalThis.fetch,
      ),
    () => meshes.handler(post({})),
    () => meshes.list({workspaceId: WORKSPACE}),
    () => meshes.revoke('sess_1'),
    ...events.flatMap(client => [() => client.emit(event), () => client.emitBatch([event])]),
  ];
  const run: RedirectRun = {tried: 0, followed: 0, followedByFetch: 0};
  for (status of [300, 301, 302, 303, 307, 308]) {
    for (const request of requests) {
      await request().catch(() => undefined);
      run.tried += 1;
    }
    run.followed = arrived - run.followedByFetch;
    await fetch(`${base}/session`, {method: 'POST', body: '{}'}).catch(() => undefined);
    run.followedByFetch = arrived - run.followed;
  }
  server.closeAllConnections();
  server.close();
  return run;
}
