/** The handlers for Mock Service Worker answer what the session endpoint answers. */
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {createEmulator, type Emulator} from '../../src/emulator/index.js';
import {createMeshesServer, type MeshesServer} from '../../src/server/index.js';
import {type SessionProblem, sessionHandlers} from '../../src/testing/session-handlers.js';

const URL_OF_ENDPOINT = 'https://app.example.com/api/meshes/session';

type Handler = (request: Request) => Promise<Response>;

const request = (body: string, type = 'application/json') =>
  new Request(URL_OF_ENDPOINT, {
    method: 'POST',
    headers: {'Content-Type': type, 'Sec-Fetch-Site': 'same-origin'},
    body,
  });

/** The paths that are handled, and what handles them. */
function handlersOf(problem?: SessionProblem): {path: string; handle: Handler}[] {
  const http = {
    post: (path: string, resolver: (info: {request: Request}) => Promise<Response>) => ({
      path,
      handle: (sent: Request) => resolver({request: sent}),
    }),
  };
  return sessionHandlers(http, problem ? {problem: () => problem} : {});
}

async function describeAnswer(response: Response): Promise<object> {
  const body = (await response.json()) as Record<string, unknown>;
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    cache: response.headers.get('cache-control'),
    retryAfter: response.headers.get('retry-after'),
    code: body.code,
    retryable: body.retryable,
    fields: Object.entries(body)
      .map(([key, value]) => `${key}: ${typeof value}`)
      .sort(),
  };
}

const sessionIdOf = async (response: Response): Promise<string> =>
  ((await response.json()) as {session_id: string}).session_id;

describe('the handlers for Mock Service Worker', () => {
  let emulator: Emulator;
  let isSignedIn = true;
  let meshes: MeshesServer;
  const mock: Handler = handlersOf()[0]!.handle;
  before(async () => {
    emulator = await createEmulator({port: 0});
    const {credentials, apiUrl} = emulator;
    meshes = createMeshesServer({
      credentials,
      baseUrl: apiUrl,
      authorize: () =>
        isSignedIn ? {userId: 'ada', workspaceId: credentials.workspaceId, role: 'admin'} : null,
      onError: () => {},
    });
  });
  after(() => emulator.close());

  const compare = async (sent: () => Request, handle: Handler = mock) => {
    const [expected, actual] = await Promise.all([
      meshes.handler(sent()).then(describeAnswer),
      handle(sent()).then(describeAnswer),
    ]);
    assert.deepEqual(actual, expected);
  };

  const cases: Record<string, () => Request> = {
    'a request for a session': () => request('{}'),
    'a request for a session on a page': () => request('{"launch_page": "rules"}'),
    'a JSON type with a charset': () => request('{}', 'application/json; charset=utf-8'),
    'a form': () => request('{}', 'text/plain'),
    'a type that only begins like JSON': () => request('{}', 'application/jsonp'),
    'a body that is not JSON': () => request('{'),
    'a body that is an array': () => request('[]'),
    'a body that is null': () => request('null'),
    'a session_id that is a number': () => request('{"session_id": 1}'),
    'a session_id that is empty': () => request('{"session_id": ""}'),
    'a session_id that is null': () => request('{"session_id": null}'),
    'a page that does not exist': () => request('{"launch_page": "settings"}'),
  };
  for (const [name, sent] of Object.entries(cases)) {
    it(`answers ${name} as the session endpoint does`, () => compare(sent));
  }

  it('answers a refresh as the session endpoint does', async () => {
    const ids = await Promise.all(
      [meshes.handler, mock].map(async h => sessionIdOf(await h(request('{}')))),
    );
    const refresh = (id: string) => request(JSON.stringify({session_id: id}));
    const [expected, actual] = await Promise.all([
      meshes.handler(refresh(ids[0]!)),
      mock(refresh(ids[1]!)),
    ]);
    assert.equal(await sessionIdOf(actual.clone()), ids[1]);
    assert.deepEqual(await describeAnswer(actual), await describeAnswer(expected));
  });

  it('answers a problem of the test as the session endpoint does', async () => {
    isSignedIn = false;
    try {
      const {handle} = handlersOf({status: 401, code: 'not_signed_in'})[0]!;
      await compare(() => request('{}'), handle);
    } finally {
      isSignedIn = true;
    }
  });

  it('answers a problem of the test with Retry-After as the session endpoint does', async () => {
    emulator.control.addFault({
      route: 'POST /api/v1/sessions',
      status: 429,
      retryAfter: '7',
      count: 1,
    });
    const problem = {status: 429, code: 'meshes_rate_limited', retryAfter: 7};
    const {handle} = handlersOf(problem)[0]!;
    await compare(() => request('{}'), handle);
  });

  it('handles the path of the endpoint, and the path below it for refreshes', () => {
    assert.deepEqual(
      handlersOf().map(({path}) => path),
      ['/api/meshes/session', '/api/meshes/session/refresh'],
    );
  });
});
