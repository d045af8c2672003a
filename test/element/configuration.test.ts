import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import {configure, EMPTY_CONFIGURATION} from '../../src/element/configuration.js';
import {launchPageOf} from '../../src/element/launch-page.js';
import {
  frameSettingsOf,
  readSettings,
  restartKey,
  type Settings,
} from '../../src/element/settings.js';

const PAGE = {baseUrl: 'https://host.example/app/page', origin: 'https://host.example'};
const LOCAL = {baseUrl: 'http://localhost:4600/', origin: 'http://localhost:4600'};
const PLAIN_HTTP = {baseUrl: 'http://intranet/', origin: 'http://intranet'};
const LAUNCH = 'https://embed.meshes.io/workspace/dashboard?launch=CaNaRy9f3b';
const CANARY = 'CaNaRy9f3b';

/** What an element without any attribute is read as. */
const UNSET: Settings = {
  launchUrl: null,
  sessionId: null,
  tokenEndpoint: null,
  refreshEndpoint: null,
  embedOrigin: null,
  credentials: null,
  sandbox: null,
  allow: null,
  launchPage: null,
  subject: null,
  fit: 'content',
  frameTitle: 'Meshes workspace',
  loading: 'eager',
  minHeight: 480,
  maxHeight: 20_000,
  readyTimeout: 30_000,
  hasProvider: false,
};
const TOKEN: Partial<Settings> = {tokenEndpoint: '/api/meshes/session'};

/** A configuration with URLs as text, and its endpoints as they are asked for a session of this ID. */
function validate(settings: Partial<Settings>, page = PAGE) {
  const {launch, endpoints, ...rest} = configure({...UNSET, ...settings}, page);
  const {token, refresh, credentials} = endpoints;
  return {
    ...rest,
    launch: launch && {...launch, url: launch.url.href},
    endpoints: {
      token: token && token.url('sess_1', 'mint').href,
      refresh: refresh && refresh.url('sess_1', 'refresh').href,
      credentials,
    },
  };
}

function refusal(settings: Partial<Settings>, page = PAGE): MeshesError {
  try {
    validate(settings, page);
  } catch (error) {
    assert.ok(error instanceof MeshesError, String(error));
    assert.equal(error.phase, 'config');
    assert.equal(error.retryable, false);
    assert.ok(!error.message.includes(CANARY), error.message);
    return error;
  }
  return assert.fail('the settings were taken');
}

describe('the settings that an element can start from', () => {
  test('starts from a token endpoint only', () => {
    assert.deepEqual(validate(TOKEN), {
      launch: null,
      endpoints: {
        token: 'https://host.example/api/meshes/session',
        refresh: null,
        credentials: 'same-origin',
      },
      separateEndpoints: false,
      pinned: [],
      readyTimeoutMs: 30_000,
    });
  });

  test('starts with endpoints on two origins, and flags them unless a provider replaces them', () => {
    const settings = {
      tokenEndpoint: '/session',
      refreshEndpoint: 'https://api.example/refresh',
      credentials: 'omit',
    };
    assert.equal(validate(settings).separateEndpoints, true);
    assert.equal(validate({...settings, hasProvider: true}).separateEndpoints, false);
    assert.equal(validate({...settings, refreshEndpoint: '/refresh'}).separateEndpoints, false);
  });

  test('starts from a launch URL and a token endpoint', () => {
    assert.deepEqual(validate({...TOKEN, launchUrl: LAUNCH}).launch, {
      url: LAUNCH,
      sessionId: null,
    });
    assert.deepEqual(validate({...TOKEN, launchUrl: LAUNCH, sessionId: 'sess_1'}).launch, {
      url: LAUNCH,
      sessionId: 'sess_1',
    });
  });

  test('starts from a session provider', () =>
    assert.equal(validate({hasProvider: true}).launch, null));

  test('starts from a launch URL, its session ID and a refresh endpoint', () => {
    const {launch, endpoints} = validate({
      launchUrl: LAUNCH,
      sessionId: 'sess_1',
      refreshEndpoint: '/refresh',
    });
    assert.deepEqual(launch, {url: LAUNCH, sessionId: 'sess_1'});
    assert.deepEqual(endpoints, {
      token: null,
      refresh: 'https://host.example/refresh',
      credentials: 'same-origin',
    });
  });

  const nothing: Record<string, Partial<Settings>> = {
    nothing: {},
    'a launch URL alone': {launchUrl: LAUNCH},
    'a launch URL and its session': {launchUrl: LAUNCH, sessionId: 'sess_1'},
    'a refresh endpoint alone': {refreshEndpoint: '/refresh'},
    'a refresh endpoint and a session': {refreshEndpoint: '/refresh', sessionId: 'sess_1'},
    'a refresh endpoint and a launch URL of an unknown session': {
      refreshEndpoint: '/refresh',
      launchUrl: LAUNCH,
    },
  };
  for (const [name, settings] of Object.entries(nothing)) {
    test(`does not start from ${name}`, () => {
      const error = refusal(settings);
      assert.equal(error.code, 'config_invalid');
      assert.match(error.message, /token-endpoint.*sessionProvider/);
    });
  }
});

describe('an endpoint', () => {
  // prettier-ignore
  const good: [name: string, page: typeof PAGE, settings: Partial<Settings>, token: string][] = [
    ['a path', PAGE, {tokenEndpoint: '/api'}, 'https://host.example/api'],
    ['a relative path', PAGE, {tokenEndpoint: 'api'}, 'https://host.example/app/api'],
    ['a query', PAGE, {tokenEndpoint: '?session'}, 'https://host.example/app/page?session'],
    ['a URL of the page', PAGE, {tokenEndpoint: 'https://host.example:443/api'}, 'https://host.example/api'],
    ['a path on localhost', LOCAL, {tokenEndpoint: '/api'}, 'http://localhost:4600/api'],
    ['another origin, with credentials', PAGE, {tokenEndpoint: 'https://api.example/s', credentials: 'include'}, 'https://api.example/s'],
    ['another origin, without', PAGE, {tokenEndpoint: 'https://api.example/s', credentials: 'omit'}, 'https://api.example/s'],
    ['another origin, as by default but written out', PAGE, {tokenEndpoint: 'https://api.example/s', credentials: 'same-origin'}, 'https://api.example/s'],
    ['another port of localhost, with credentials', LOCAL, {tokenEndpoint: 'http://127.0.0.1:4602/s', credentials: 'include'}, 'http://127.0.0.1:4602/s'],
  ];
  for (const [name, page, settings, token] of good) {
    test(`accepts an endpoint URL: ${name}`, () =>
      assert.equal(validate(settings, page).endpoints.token, token));
  }

  const bad: [endpoint: string, code: MeshesErrorCode, page?: typeof PAGE][] = [
    ['https://evil.example/s', 'origin_not_allowed'],
    ['//evil.example/s', 'origin_not_allowed'],
    ['/\\evil.example/s', 'origin_not_allowed'],
    ['\\\\evil.example/s', 'origin_not_allowed'],
    ['https:\\\\evil.example/s', 'origin_not_allowed'],
    ['https://host.example:8443/s', 'origin_not_allowed'],
    ['https://host.example.evil.example/s', 'origin_not_allowed'],
    ['https://api.host.example/s', 'origin_not_allowed'],
    [`https://evil.example/s?key=${CANARY}`, 'origin_not_allowed'],
    ['http://localhost:9/s', 'origin_not_allowed'],
    ['http://api.example/s', 'insecure_url'],
    ['http://host.example/s', 'insecure_url'],
    ['https://user@host.example/s', 'insecure_url'],
    [`https://user:${CANARY}@host.example/s`, 'insecure_url'],
    ['https://', 'insecure_url'],
    ['https://[', 'insecure_url'],
    ['javascript:alert(1)', 'insecure_url'],
    ['javascript://localhost/%0Aalert(1)', 'insecure_url'],
    ['other://localhost/s', 'insecure_url'],
    ['data:application/json,{}', 'insecure_url'],
    ['blob:https://host.example/x', 'insecure_url'],
    ['ftp://host.example/s', 'insecure_url'],
    ['/s', 'insecure_url', PLAIN_HTTP],
  ];
  for (const [endpoint, code, page] of bad) {
    const shown = endpoint.replace(CANARY, 'x');
    test(`refuses an endpoint as ${code}: ${shown}${page ? ` on ${page.origin}` : ''}`, () => {
      assert.equal(refusal({tokenEndpoint: endpoint}, page).code, code);
      assert.equal(refusal({...TOKEN, refreshEndpoint: endpoint}, page).code, code);
    });
    test(`refuses an endpoint even if a provider is set: ${shown}${page ? ` on ${page.origin}` : ''}`, () => {
      assert.equal(refusal({tokenEndpoint: endpoint, hasProvider: true}, page).code, code);
      assert.equal(refusal({refreshEndpoint: endpoint, hasProvider: true}, page).code, code);
    });
  }

  test('names the missing credentials attribute for an endpoint on another origin', () =>
    assert.match(
      refusal({tokenEndpoint: 'https://api.example/s'}).message,
      /credentials="include"/,
    ));

  for (const refreshEndpoint of [
    '/s/{session_id}/refresh',
    '/s/:sessionId',
    'https://host.example/s/:sessionId',
  ]) {
    test(`puts the session ID into the path of the refresh endpoint: ${refreshEndpoint}`, () =>
      assert.match(
        validate({...TOKEN, refreshEndpoint}).endpoints.refresh!,
        /^https:\/\/host\.example\/s\/sess_1(\/refresh)?$/,
      ));
  }
});

describe('a launch URL', () => {
  const cases: [launchUrl: string, code: MeshesErrorCode, settings?: Partial<Settings>][] = [
    ['/workspace/dashboard', 'insecure_url'],
    ['http://embed.meshes.io/x', 'insecure_url'],
    ['javascript:alert(1)', 'insecure_url'],
    ['javascript://localhost/%0Aalert(1)', 'insecure_url'],
    ['javascript://127.0.0.1/%0Aalert(1)', 'insecure_url'],
    ['other://localhost/x', 'insecure_url'],
    [`https://host.example/workspace?launch=${CANARY}`, 'origin_not_allowed'],
    [LAUNCH, 'origin_not_allowed', {embedOrigin: 'https://embed.example'}],
    [LAUNCH, 'origin_not_allowed', {embedOrigin: 'https://meshes.io https://embed.meshes.io:8443'}],
  ];
  for (const [launchUrl, code, settings] of cases) {
    test(`refuses a launch URL as ${code}: ${launchUrl.replace(CANARY, 'x')} ${settings?.embedOrigin ?? ''}`, () =>
      assert.equal(refusal({...TOKEN, launchUrl, ...settings}).code, code));
  }

  test('accepts a launch URL on a pinned origin', () => {
    const {pinned} = validate({
      ...TOKEN,
      launchUrl: LAUNCH,
      embedOrigin: ' https://embed.example  https://embed.meshes.io/ ',
    });
    assert.deepEqual(pinned, ['https://embed.example', 'https://embed.meshes.io']);
  });

  test('accepts a launch URL on another port of localhost, for local development', () =>
    assert.ok(validate({...TOKEN, launchUrl: 'http://localhost:4601/x'}, LOCAL).launch));
});

describe('the value of a setting', () => {
  const bad: [name: string, settings: Partial<Settings>, pattern: RegExp][] = [
    ['credentials', {credentials: 'yes'}, /credentials.*same-origin, include, omit/],
    ['fit', {fit: 'cover'}, /fit.*content, fill/],
    ['loading', {loading: 'late'}, /loading.*eager, lazy/],
    ['min-height', {minHeight: NaN}, /min-height/],
    ['min-height below nothing', {minHeight: -1}, /min-height/],
    ['min-height without end', {minHeight: Infinity}, /min-height/],
    ['max-height', {maxHeight: NaN}, /max-height/],
    ['max-height below nothing', {maxHeight: -1}, /max-height/],
    ['ready-timeout', {readyTimeout: NaN}, /ready-timeout/],
    ['ready-timeout of nothing', {readyTimeout: 0}, /ready-timeout/],
    ['ready-timeout below nothing', {readyTimeout: -5}, /ready-timeout/],
    ['ready-timeout without end', {readyTimeout: Infinity}, /ready-timeout/],
    ['embed-origin', {embedOrigin: 'embed.meshes.io'}, /embed-origin/],
    ['embed-origin with a path', {embedOrigin: 'https://embed.meshes.io/x'}, /embed-origin/],
    ['embed-origin with a script', {embedOrigin: 'javascript://localhost/'}, /embed-origin/],
    ['embed-origin with a star', {embedOrigin: '*'}, /embed-origin/],
  ];
  for (const [name, settings, pattern] of bad) {
    test(`refuses an invalid value, and names its attribute: ${name}`, () => {
      const error = refusal({...TOKEN, ...settings});
      assert.equal(error.code, 'config_invalid');
      assert.match(error.message, pattern);
    });
  }

  test('accepts a height of 0', () => assert.ok(validate({...TOKEN, minHeight: 0, maxHeight: 0})));
});

describe('the launch page of a path', () => {
  // prettier-ignore
  const cases: [path: string, page: string | null][] = [
    ['/workspace/dashboard', 'dashboard'],
    ['/workspace/rules/7', 'rules'],
    ['/workspace/events?filter=rules', 'events'],
    ['/workspace/connections#events', 'connections'],
    ['/rules', 'rules'],
    ['/workspace', null],
    ['/', null],
    ['/workspace/mappings', null],
    ['/workspace/mappings#rules', null],
    ['/workspace/mappings?/rules', null],
    ['/workspace/rulesets', null],
    ['/workspace/Rules', null],
    ['/workspace/my-rules', null],
  ];
  for (const [path, page] of cases) {
    test(`reads the launch page ${page ?? 'none'} from the path ${path}`, () =>
      assert.equal(launchPageOf(path), page));
  }
});

describe('settings', () => {
  const element = {
    launchUrl: null,
    sessionId: null,
    tokenEndpoint: null,
    refreshEndpoint: null,
    embedOrigin: null,
    sandbox: null,
    allow: null,
    launchPage: null,
    subject: null,
    fit: null,
    frameTitle: null,
    loading: null,
    minHeight: null,
    maxHeight: null,
    readyTimeout: null,
    sessionProvider: null,
  };

  test('uses the documented defaults for settings', () =>
    assert.deepEqual(readSettings(element, null), UNSET));

  for (const value of ['', '  ', 'false', 'null', 'undefined', undefined, null]) {
    test(`treats a value that frameworks write for nothing as unset: ${JSON.stringify(value)}`, () => {
      const written = Object.fromEntries(
        Object.keys(element).map(name => [name, name === 'sessionProvider' ? null : value]),
      ) as unknown as typeof element;
      assert.deepEqual(readSettings(written, null), UNSET);
    });
  }

  const key = (settings: Partial<Settings>, misconfigured = false) =>
    restartKey({...UNSET, ...TOKEN, ...settings}, misconfigured);
  const restarting: Partial<Settings>[] = [
    {launchUrl: LAUNCH},
    {sessionId: 'sess_1'},
    {tokenEndpoint: '/other'},
    {refreshEndpoint: '/other'},
    {embedOrigin: 'https://embed.meshes.io'},
    {credentials: 'include'},
    {sandbox: 'allow-scripts'},
    {allow: 'camera'},
  ];
  for (const change of restarting) {
    test(`restarts the session when a setting changes: ${Object.keys(change).join()}`, () =>
      assert.notEqual(key(change), key({})));
  }
  const keeping: Partial<Settings>[] = [
    {},
    {minHeight: 100},
    {maxHeight: 100},
    {fit: 'fill'},
    {loading: 'lazy'},
    {readyTimeout: 1},
    {hasProvider: true},
    {launchPage: 'rules'},
  ];
  for (const change of keeping) {
    test(`does not restart the session when a setting changes: ${Object.keys(change).join() || 'nothing'}`, () =>
      assert.equal(key(change), key({})));
    if (Object.keys(change).length === 0) continue;
    test(`validates the settings again after a failed start: ${Object.keys(change).join()}`, () =>
      assert.notEqual(key(change, true), key({}, true)));
  }
  test('distinguishes the same value of two settings', () => {
    const all = restarting.map(change => key({[Object.keys(change)[0]!]: 'same'}));
    assert.equal(new Set(all).size, all.length);
  });

  test('uses the default limits of the height if they are invalid', () => {
    for (const odd of [NaN, -1, Infinity]) {
      const {limits} = frameSettingsOf({...UNSET, minHeight: odd, maxHeight: odd});
      assert.deepEqual(limits, {min: 480, max: 20_000});
    }
    const {limits} = frameSettingsOf({...UNSET, minHeight: 0, maxHeight: 7});
    assert.deepEqual(limits, {min: 0, max: 7});
  });
});

test('the configuration for invalid settings has no endpoint, no launch URL, and no allowed origin', () => {
  assert.deepEqual(EMPTY_CONFIGURATION, {
    launch: null,
    endpoints: {token: null, refresh: null, credentials: 'same-origin'},
    separateEndpoints: false,
    pinned: [],
    readyTimeoutMs: 30_000,
  });
});
