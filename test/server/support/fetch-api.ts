import {createMeshesServer, type MeshesServerOptions} from '../../../src/server/index.js';
import {credentials, workspaceId} from './site.js';
import {minted} from './stand-in-vendor.js';

export const url = 'https://app.example/api/meshes/session';
export const origin = 'https://app.example';
export const ada = {userId: 'ada', workspaceId};

/** A request as a page of the site sends it. */
export function post(body: unknown = {}, headers: Record<string, string> = {}): Request {
  return new Request(url, {
    method: 'POST',
    headers: {'content-type': 'application/json', origin, ...headers},
    body: JSON.stringify(body),
  });
}

export interface FakeMeshes {
  /** Requests in their order. */
  calls: {url: string; method: string; body: Record<string, unknown>}[];
  fetch: typeof fetch;
  respond: (call: {url: string; method: string}) => Response | Promise<Response>;
}

/** Answers within the process: every POST with a new session, every DELETE with a confirmation, or as `respond` says. */
export function fakeMeshes(
  respond: FakeMeshes['respond'] = ({method}) =>
    method === 'DELETE' ? Response.json({revoked: true}) : Response.json(minted, {status: 201}),
): FakeMeshes {
  const calls: FakeMeshes['calls'] = [];
  return {
    calls,
    respond,
    fetch: (input, init) => {
      const text = typeof init?.body === 'string' ? init.body : '{}';
      const call = {
        url: input as string,
        method: init?.method ?? 'GET',
        body: JSON.parse(text) as Record<string, unknown>,
      };
      calls.push(call);
      return Promise.resolve(respond(call));
    },
  };
}

export function serverOf(meshes: FakeMeshes, options: Partial<MeshesServerOptions> = {}) {
  return createMeshesServer({
    credentials,
    authorize: () => ada,
    fetch: meshes.fetch,
    onError: () => undefined,
    ...options,
  });
}
