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

/** Signed in is whoever the header X-User names. */
export const authorize: MeshesServerOptions<NodeRequest>['authorize'] = ({request}) => {
  const userId = request?.headers.get('x-user');
  return userId ? {userId, workspaceId} : null;
};

export interface Site {
  origin: string;
  /** POSTs as a page of this site does; `headers` replace, and an undefined one takes away. */
  post: (
    body: unknown,
    headers?: Record<string, string | undefined>,
    init?: RequestInit,
  ) => Promise<Response>;
  close: () => Promise<void>;
}

/** A site with the session endpoint on `node:http`. */
export async function startSite(
  options: Partial<MeshesServerOptions<NodeRequest>> & {baseUrl: string},
): Promise<Site> {
  const meshes = createMeshesServer<NodeRequest>({credentials, authorize, ...options});
  const handle = toNodeHandler(meshes.handler);
  const server = createServer((req, res) => void handle(req, res));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    post(body, headers = {}, init = {}) {
      const all = {
        'content-type': 'application/json',
        origin,
        'x-user': 'ada',
        ...headers,
      };
      return fetch(`${origin}/api/meshes/session`, {
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
