import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {type AddressInfo} from 'node:net';
import {createMeshesServer, type MeshesServerOptions} from '../../../src/server/index.js';
import {type NodeRequest, toNodeHandler} from '../../../src/server/node.js';

export const credentials = {
  organizationId: '550e8400-e29b-41d4-a716-446655440000',
  accessKey: 'mk_demo_access_key_0123456789',
  secretKey: 'demo_secret_key_0123456789_0123456789_0123456789',
};
export const workspaceId = '3f216741-15dd-4e46-b5ac-0077a2640e89';

/** The header X-User names the user who is signed in. */
export const authorize: MeshesServerOptions<NodeRequest>['authorize'] = ({request}) => {
  const userId = request.headers.get('x-user');
  return userId ? {userId, workspaceId} : null;
};

export interface Site {
  origin: string;
  /** Sends a POST as a page of this site does. `headers` replace the defaults; an undefined one removes a header. */
  post: (
    body: unknown,
    headers?: Record<string, string | undefined>,
    init?: RequestInit,
    path?: string,
  ) => Promise<Response>;
  close: () => Promise<void>;
}

/** A site with the session endpoint on `node:http`, and with `/sign-out` and `/sign-out-all`. */
export async function startSite(
  options: Partial<MeshesServerOptions<NodeRequest>> & {baseUrl: string},
): Promise<Site> {
  const meshes = createMeshesServer<NodeRequest>({
    credentials,
    authorize,
    onError: () => undefined,
    ...options,
  });
  const handle = toNodeHandler(meshes.handler);
  const signOut = toNodeHandler(meshes.signOut);
  const signOutAll = toNodeHandler<NodeRequest>((request, req) =>
    meshes.signOut(request, req, {all: true}),
  );
  const server = createServer((req, res) => {
    const listeners: Partial<Record<string, typeof handle>> = {
      '/sign-out': signOut,
      '/sign-out-all': signOutAll,
    };
    void (listeners[req.url ?? ''] ?? handle)(req, res);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    post(body, headers = {}, init = {}, path = '/api/meshes/session') {
      const all = {
        'content-type': 'application/json',
        origin,
        'x-user': 'ada',
        ...headers,
      };
      return fetch(origin + path, {
        method: 'POST',
        headers: Object.fromEntries(
          Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
        ),
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      });
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as {code: string}).code;
}

/** The body of a problem document, which every refusal has. */
export async function problemOf(
  response: Response,
): Promise<{status: number; code: string; retryable: boolean}> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const problem = (await response.json()) as {status: number; code: string; retryable: boolean};
  assert.equal(problem.status, response.status);
  assert.equal(typeof problem.retryable, 'boolean');
  return problem;
}
