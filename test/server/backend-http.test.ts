/** docs/backend-http.md, the OpenAPI file, the hostile cases, and the samples say the same. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {Validator} from '@seriousme/openapi-schema-validator';
import {toSnakeCase} from '../../src/server/snake-case.js';
import {type Authorization, toSessionRequest} from '../../src/server/session-options.js';
import {page, root, section, table} from '../docs/support/markdown.js';
import {findLanguage} from '../support/languages.mjs';
import {readSamples} from './support/doc-samples.js';
import {situations} from './support/situations.js';
import {GRANTS, MESHES_FAULTS, REFUSED_REQUESTS} from './support/hostile-cases.js';
import {assertSpecified, openApi, validity} from './support/openapi.js';
import {SAMPLE_APPS} from './support/sample-apps.js';
import {workspaceId} from './support/site.js';
import {minted} from './support/stand-in-vendor.js';

const specified = new Map(
  situations.map(({code, status, retryable}) => [code, `${status} ${retryable}`] as const),
);

test('docs/backend-http.md specifies each refusal that the hostile cases expect', () => {
  const refusals = [
    ...REFUSED_REQUESTS.map(({refusal}) => refusal),
    ...GRANTS.flatMap(({refusal}) => refusal ?? []),
    ...MESHES_FAULTS.flatMap(({create, refresh}) => [create, refresh ?? create]),
  ];
  for (const {code, status, retryable} of refusals) {
    assert.equal(specified.get(code), `${status} ${retryable}`, code);
  }
});

/** What an HTTP server refuses before the application of a sample is called. */
const OF_SERVERS = ['request_malformed', 'length_required', 'body_timeout'];

for (const folder of new Set(SAMPLE_APPS.map(app => app.folder))) {
  test(`the sample in docs/backends/${folder} has the codes of docs/backend-http.md, and no others`, () => {
    const files = path.join(root, 'docs/backends', folder);
    const text = readdirSync(files)
      .map(name => readFileSync(path.join(files, name), 'utf8'))
      .join('\n');
    for (const name of specified.keys()) {
      const isThere = new RegExp(`["']${name}["']`).test(text);
      assert.ok(isThere || OF_SERVERS.includes(name), name);
    }
    const literal = [...text.matchAll(/[Pp]roblem(?:\.new)?\(([45]\d\d), ["'](\w+)["']/g)];
    assert.ok(literal.length > 15, String(literal.length));
    for (const [, status, name = ''] of literal) {
      assert.equal(specified.get(name)?.split(' ')[0], status, name);
    }
  });
}

test('docs/backend.md lists every session option, and docs/backend-http.md says what Meshes calls them', () => {
  const everything: Record<keyof Authorization, unknown> = {
    userId: 'ada',
    workspaceId,
    role: 'admin',
    sessionType: 'resource',
    resource: 'crm',
    resourceId: 'r1',
    scopes: ['events.payload:read'],
    launchPage: 'rules',
    launchPath: '/workspace/rules',
    allowedOrigins: ['https://app.example'],
    ttlSeconds: 600,
    launchTtlSeconds: 30,
  };
  const list = section(page('docs/backend.md'), 'Session options');
  const names = [...list.matchAll(/^- (.+?):/gm)].flatMap(([, labels = '']) =>
    [...labels.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
  assert.deepEqual(names.sort(), Object.keys(everything).sort());
  const {prose} = page('docs/backend-http.md');
  assert.match(prose, /in snake_case\. `userId` is `external_user_id`/);
  for (const name of names) {
    const request = toSessionRequest({
      [name]: everything[name as keyof Authorization],
    } as unknown as Authorization);
    const [field] = Object.keys(toSnakeCase({[name]: true}));
    const wire = name === 'userId' ? 'external_user_id' : field!;
    assert.ok(request[wire] !== undefined, `${name}: ${wire}`);
  }
});

test('the OpenAPI file is valid', () => {
  assert.deepEqual(validity.errors ?? [], []);
  assert.equal(validity.valid, true);
});

test('the linter of the OpenAPI file notices a mistake', async () => {
  const text = readFileSync(path.join(root, 'src/session-endpoint.openapi.json'), 'utf8');
  const broken = text.replace('"requestBody"', '"requestBodies"');
  const {valid} = await new Validator().validate(broken);
  assert.equal(valid, false);
});

test('the OpenAPI file has the statuses of docs/backend-http.md, and no others', () => {
  const statuses = new Set([...specified.values()].map(text => text.split(' ')[0]));
  for (const [route, {post}] of Object.entries(openApi.paths)) {
    const success = route.endsWith('sign-out') ? '204' : '200';
    assert.deepEqual(new Set(Object.keys(post.responses)), new Set([success, ...statuses]), route);
  }
});

test('an answer that the OpenAPI file does not specify is noticed', () => {
  const headers = new Map([
    ['content-type', 'application/json'],
    ['cache-control', 'no-store'],
  ]);
  const {access_token, expires_in, launch_url} = minted;
  const token = {
    session_id: 'a.b',
    access_token,
    expires_in,
    embed_origin: 'https://embed.meshes.io',
  };
  const check =
    (fields: object, changed: [string, string][] = []) =>
    () =>
      assertSpecified('/api/meshes/session', {
        status: 200,
        headers: new Map([...headers, ...changed]),
        body: JSON.stringify(fields),
        count: 1,
      });
  assert.doesNotThrow(check(token));
  assert.doesNotThrow(check({...token, launch_url}));
  for (const wrong of [
    check({...token, embed_origin: undefined}),
    check({...token, access_token: ''}),
    check({...token, expires_in: undefined}),
    check({...token, launch_token: 'x'}),
    check(token, [['cache-control', 'private']]),
    check(token, [['content-type', 'text/html']]),
  ]) {
    assert.throws(wrong, assert.AssertionError);
  }
});

test('docs/backends/README.md lists the environment variables that the samples read, with their defaults', () => {
  const folders = path.join(root, 'docs/backends');
  const read = readdirSync(folders, {recursive: true, encoding: 'utf8'})
    .filter(name => /\.(py|php|rb|go)$/.test(name))
    .flatMap(name => [
      ...readFileSync(path.join(folders, name), 'utf8').matchAll(
        /(?:environ(?:\.get\(|\[)|[sS]etting\(|ENV\.fetch\()["'](\w+)["'](?:, ["']([^"']+)["'])?/g,
      ),
    ])
    .map(([, name = '', value]) => `${name} ${value ?? '(required)'}`);
  const listed = table(page('docs/backends/README.md'), 'Run a sample').flatMap(([names, text]) =>
    [...(names ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => {
      const [, value = '(required)'] = /Default: `([^`]+)`/.exec(text ?? '') ?? [];
      return `${name} ${value}`;
    }),
  );
  assert.deepEqual([...new Set(read)].sort(), listed.sort());
});

test('the Ruby code of docs/backends/README.md can be parsed', async () => {
  const ruby = findLanguage('Ruby');
  // Its absence is reported by the tests of the samples.
  if (ruby === undefined) return;
  const code = readSamples('backends/README.md').get('rails');
  assert.ok(code);
  const {stdout} = await promisify(execFile)(ruby, ['-c', '-e', code]);
  assert.match(stdout, /Syntax OK/);
});
