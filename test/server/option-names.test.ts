import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {runInNewContext} from 'node:vm';
import {
  createMeshesServer,
  MeshesServerError,
  type SessionOptions,
} from '../../src/server/index.js';
import {ada, type FakeMeshes, fakeMeshes, origin, post, serverOf} from './support/fetch-api.js';
import {credentials, problemOf} from './support/site.js';

/** The message of a rejected or thrown `options_invalid`. */
function messageOf(error: unknown): string {
  assert.ok(error instanceof MeshesServerError);
  assert.equal(error.code, 'options_invalid');
  assert.equal(error.retryable, false);
  return error.message;
}

/** Creates a session, and returns the code of the response and the message for the operator. */
async function create(
  meshes: FakeMeshes,
  authorized: object,
  defaults: SessionOptions = {},
  body: object = {},
) {
  let message = '';
  const {handler} = serverOf(meshes, {
    authorize: () => ({...ada, ...authorized}),
    defaults,
    onError: error => (message = error.message),
  });
  const response = await handler(post(body));
  const code = response.status === 200 ? 'ok' : (await problemOf(response)).code;
  return {status: response.status, code, message};
}

const misspelled: [key: string, nearest: string][] = [
  ['session_type', 'sessionType'],
  ['sessiontype', 'sessionType'],
  ['SessionType', 'sessionType'],
  ['sesionType', 'sessionType'],
  ['resource_id', 'resourceId'],
  ['resourceID', 'resourceId'],
  ['launch-page', 'launchPage'],
  ['allowedOrigin', 'allowedOrigins'],
  ['scope', 'scopes'],
  ['rol', 'role'],
];

describe('a misspelled option', () => {
  for (const [key, nearest] of misspelled) {
    test(`refuses ${key} in the result of authorize(), and suggests ${nearest}`, async () => {
      const meshes = fakeMeshes();
      const {code, message} = await create(meshes, {[key]: 'dashboard'});
      assert.equal(code, 'options_invalid');
      assert.match(message, new RegExp(`${key} is not a known key\\. Did you mean ${nearest}\\?`));
      assert.equal(meshes.calls.length, 0);
    });

    test(`refuses ${key} in defaults when the server is created, and suggests ${nearest}`, () => {
      assert.throws(
        () => serverOf(fakeMeshes(), {defaults: {[key]: 'dashboard'}}),
        error => messageOf(error).includes(`${key} is not a known key. Did you mean ${nearest}?`),
      );
    });
  }

  test('lists the known keys if an unknown option resembles none of them', async () => {
    const {message} = await create(fakeMeshes(), {theme: 'dark'});
    assert.match(message, /theme is not a known key\. Known keys: userId, workspaceId, role, /);
  });

  test('names an unknown option even if its value is undefined', async () => {
    assert.equal((await create(fakeMeshes(), {session_type: undefined})).code, 'options_invalid');
  });

  test('does not quote an unknown option that could be a secret', async () => {
    const secret = `canary ${'x'.repeat(60)}`;
    const {code, message} = await create(fakeMeshes(), {[secret]: true});
    assert.equal(code, 'options_invalid');
    assert.doesNotMatch(message, /canary|xxx/);
  });

  for (const [key, nearest] of [
    ['allowed_origins', 'allowedOrigins'],
    ['baseURL', 'baseUrl'],
    ['trustproxy', 'trustProxy'],
    ['maxAge', 'Known keys'],
    ['onerror', 'onError'],
    ['default', 'defaults'],
  ] as const) {
    test(`refuses the unknown option ${key} of createMeshesServer`, () => {
      assert.throws(
        () => serverOf(fakeMeshes(), {[key]: 1}),
        error => messageOf(error).includes(nearest),
      );
    });
  }

  test('refuses unknown options of launch, list, revoke and signOut, and does not call Meshes', async () => {
    const meshes = fakeMeshes();
    const server = serverOf(meshes);
    const request = new Request(origin);
    const calls: [call: () => Promise<unknown>, nearest: string][] = [
      [() => server.launch(undefined, {request, launch_page: 'rules'} as never), 'launchPage'],
      [() => server.list({workspace_id: ada.workspaceId} as never), 'workspaceId'],
      [() => server.revoke('sess_1', {user_id: 'ada'} as never), 'userId'],
    ];
    for (const [call, nearest] of calls) {
      await assert.rejects(call, error => messageOf(error).includes(`Did you mean ${nearest}?`));
    }
    const response = await server.signOut(post({}), undefined, {everything: true} as never);
    assert.equal((await problemOf(response)).code, 'options_invalid');
    assert.equal(meshes.calls.length, 0);
  });
});

describe('an object that is not plain', () => {
  class Options {}
  class Getters {
    readonly #fields: Record<string, unknown>;
    constructor(fields: Record<string, unknown>) {
      this.#fields = fields;
    }
    get userId() {
      return this.#fields['userId'];
    }
  }
  const hidden = (fields: object) =>
    Object.defineProperties(
      {},
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, {value}])),
    );
  class OfNoClass extends (null as unknown as typeof Object) {}
  const kinds: [name: string, make: (fields: Record<string, unknown>) => object][] = [
    ['an instance of a class with getters', fields => new Getters(fields)],
    ['an instance of a class', fields => Object.assign(new Options(), fields)],
    ['an object that inherits its fields', fields => Object.create(fields) as object],
    [
      'an object that inherits its fields from an object without a prototype',
      fields => Object.create(Object.assign(Object.create(null) as object, fields)) as object,
    ],
    [
      'an instance of a class that extends null',
      fields => Object.assign(Object.create(OfNoClass.prototype as object) as object, fields),
    ],
    ['an object with fields that are not enumerable', hidden],
    ['a Map', fields => new Map(Object.entries(fields))],
    ['a Date', fields => Object.assign(new Date(0), fields)],
  ];
  const request = new Request(origin);
  for (const [name, make] of kinds) {
    test(`refuses ${name} as options and as the result of authorize()`, async () => {
      const meshes = fakeMeshes();
      const messages: string[] = [];
      const server = serverOf(meshes, {
        authorize: () => make(ada) as never,
        onError: error => messages.push(messageOf(error)),
      });
      const {session_id} = await serverOf(meshes).launch(undefined, {request});
      meshes.calls.splice(0);

      const rejected: (() => Promise<unknown>)[] = [
        () => server.revoke(session_id, make({userId: 'eve'})),
        () => server.list(make({workspaceId: ada.workspaceId}) as never),
        () => server.launch(undefined, make({request}) as never),
      ];
      for (const call of rejected) await assert.rejects(call);
      for (const response of [
        await server.handler(post()),
        await server.handler(post({session_id})),
        await server.signOut(post({session_id}), undefined, make({all: true})),
      ]) {
        assert.equal((await problemOf(response)).code, 'options_invalid');
      }
      for (const options of [{defaults: make({role: 'owner'})}, make({authorize: () => ada})]) {
        const given =
          'defaults' in options ? {credentials, authorize: () => ada, ...options} : options;
        assert.throws(
          () => createMeshesServer(given as never),
          error => messages.push(messageOf(error)) > 0,
        );
      }

      const plain = 'must be a plain object. Copy the fields into one: {...fields}.';
      const base = 'The options of the session endpoint are invalid.';
      assert.deepEqual(messages, [
        `${base} The options of revoke() ${plain}`,
        `${base} The query of list() ${plain}`,
        `${base} The options of launch() ${plain}`,
        `${base} The result of authorize() ${plain}`,
        `${base} The result of authorize() ${plain}`,
        `${base} The options of signOut() ${plain}`,
        `${base} defaults ${plain}`,
        `${base} The options of createMeshesServer() ${plain}`,
      ]);
      assert.equal(meshes.calls.length, 0);
    });
  }

  const plain: [name: string, make: (fields: object) => object][] = [
    ['without a prototype', fields => Object.assign(Object.create(null) as object, fields)],
    ['of another realm', fields => Object.assign(runInNewContext('({})') as object, fields)],
    [
      'with own getters',
      fields => {
        const names = Object.keys(fields) as (keyof typeof fields)[];
        const getters = names.map(name => [name, {get: () => fields[name], enumerable: true}]);
        return Object.defineProperties({}, Object.fromEntries(getters) as PropertyDescriptorMap);
      },
    ],
    ['with a symbol', fields => ({...fields, [Symbol('note')]: 1})],
  ];
  for (const [name, make] of plain) {
    test(`accepts a plain object ${name}`, async () => {
      const meshes = fakeMeshes();
      const server = serverOf(meshes, {
        authorize: () => make(ada) as typeof ada,
        defaults: make({role: 'admin'}),
      });
      const {session_id} = await server.launch(undefined, make({request}) as {request: Request});
      assert.equal(meshes.calls[0]?.body['role'], 'admin');
      await assert.rejects(server.revoke(session_id, make({userId: 'eve'})), /another user/);
      await server.revoke(session_id, make({userId: 'ada'}));
    });
  }
});

describe('an option of the wrong type', () => {
  const wrong: [name: string, options: object][] = [
    ['trustProxy', {trustProxy: 'false'}],
    ['allowInsecureBaseUrl', {allowInsecureBaseUrl: 'no'}],
    ['onError', {onError: 'console'}],
    ['fetch', {fetch: {}}],
    ['now', {now: 5}],
    ['defaults', {defaults: 'admin'}],
    ['defaults', {defaults: ['admin']}],
    ['allowedOrigins', {allowedOrigins: origin}],
    ['baseUrl', {baseUrl: new URL(origin)}],
    ['role', {defaults: {role: 'root'}}],
  ];
  for (const [name, options] of wrong) {
    test(`refuses the option ${name} ${JSON.stringify(Object.values(options)[0])} when the server is created`, () => {
      assert.throws(
        () => serverOf(fakeMeshes(), options),
        error => messageOf(error).includes(name),
      );
    });
  }

  for (const value of [true, 'ada', 7, [ada]]) {
    test(`refuses the result ${JSON.stringify(value)} of authorize(), and explains why`, async () => {
      let message = '';
      const {handler} = serverOf(fakeMeshes(), {
        authorize: () => value as never,
        onError: error => (message = error.message),
      });
      assert.equal((await problemOf(await handler(post()))).code, 'options_invalid');
      assert.match(message, /The result of authorize\(\) must be an object/);
    });
  }

  test('names the missing argument of launch without a request and of a handler without a Request', async () => {
    const server = serverOf(fakeMeshes());
    for (const options of [undefined, {}, {request: {method: 'GET', url: '/'}}]) {
      await assert.rejects(server.launch(undefined, options as never), error => {
        messageOf(error);
        return true;
      });
    }
    let message = '';
    const {handler} = serverOf(fakeMeshes(), {onError: error => (message = error.message)});
    assert.equal((await handler({method: 'POST', headers: {}, url: '/'} as never)).status, 500);
    assert.match(message, /toNodeHandler/);
  });
});

describe('the page of a session', () => {
  const shop = {sessionType: 'resource', resource: 'shop', resourceId: '7'} as const;
  const dashboard = {sessionType: 'dashboard'} as const;
  const pages: [session: SessionOptions, page: string, isAllowed: boolean][] = [
    [{}, 'dashboard', true],
    [{}, 'connections', true],
    [{}, 'rules', true],
    [{}, 'events', true],
    [shop, 'dashboard', true],
    [shop, 'connections', false],
    [shop, 'rules', true],
    [shop, 'events', true],
    [dashboard, 'dashboard', true],
    [dashboard, 'connections', false],
    [dashboard, 'rules', false],
    [dashboard, 'events', false],
  ];
  for (const [session, page, isAllowed] of pages) {
    const type = session.sessionType ?? 'workspace';
    test(`${isAllowed ? 'allows' : 'refuses'} the launch page ${page} for a ${type} session, whatever sets it`, async () => {
      const meshes = fakeMeshes();
      const results = [
        await create(meshes, {...session, launchPage: page}),
        await create(meshes, {...session, launchPath: `/workspace/${page}`}),
        await create(meshes, {...session, launchPath: `/workspace/${page}/7`}),
        await create(meshes, session, {launchPage: page} as SessionOptions),
        await create(meshes, {}, {...session, launchPage: page} as SessionOptions),
        await create(meshes, session, {}, {launch_page: page}),
        await create(meshes, session, {launchPage: 'dashboard'}, {launch_page: page}),
      ];
      const invalid = '500 options_invalid';
      const asked = '400 launch_page_invalid';
      assert.deepEqual(
        results.map(({status, code}) => `${status} ${code}`),
        isAllowed
          ? Array<string>(7).fill('200 ok')
          : [invalid, invalid, invalid, invalid, invalid, asked, asked],
      );
      assert.equal(meshes.calls.length, isAllowed ? 7 : 0);
    });
  }

  test('validates the launch page of launch() too', async () => {
    const meshes = fakeMeshes();
    const server = serverOf(meshes, {defaults: dashboard});
    const request = new Request(origin);
    for (const launchPage of ['rules', 'members', 7]) {
      await assert.rejects(
        server.launch(undefined, {request, launchPage: launchPage as never}),
        (error: MeshesServerError) => error.code === 'launch_page_invalid',
      );
    }
    assert.equal(meshes.calls.length, 0);
  });

  for (const launchPath of [
    '/workspace',
    'workspace/rules',
    '/workspace/../settings',
    '/workspace/%2e%2e/settings',
    '/workspace/rules/../../settings',
    '/workspace\\rules',
    '//evil.example/workspace/',
    '@evil.example/workspace/',
    '/workspace/ rules',
  ]) {
    test(`refuses the launch path ${launchPath}`, async () => {
      const meshes = fakeMeshes();
      assert.equal((await create(meshes, {launchPath})).code, 'options_invalid');
      assert.equal(meshes.calls.length, 0);
    });
  }

  const foreign: [name: string, session: SessionOptions, defaults?: SessionOptions][] = [
    ['a workspace session', {resource: 'shop', resourceId: '7'}],
    ['a workspace session', {resourceId: '7'}],
    ['a dashboard session', {...dashboard, resource: 'shop'}],
    ['a dashboard session that gets them from defaults', dashboard, shop],
  ];
  for (const [name, session, defaults] of foreign) {
    test(`refuses resource or resourceId (${Object.keys({...defaults, ...session}).join(', ')}) for ${name}`, async () => {
      const meshes = fakeMeshes();
      const {code, message} = await create(meshes, session, defaults);
      assert.equal(code, 'options_invalid');
      assert.match(message, /resource and resourceId are allowed only if sessionType is resource/);
      assert.equal(meshes.calls.length, 0);
    });
  }
});
