/** The check against an endpoint that keeps every rule, and against endpoints that each bend one. */
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {type Emulator, startEmulator} from '../../demo/emulator/index.js';
import {PROBES} from '../../src/check-endpoint/probes/index.js';
import {type Bend, BENDS, type BentEndpoint, startBentEndpoint} from './support/bent-endpoint.js';
import {check, type Report, runCheck, seenOf} from './support/check.js';

const PROBLEM = ['problem-document', 'problem-retryable'];
const SIGNED_OUT = ['signed-out', 'signed-out-refresh'];
const LIFETIME = ['session-lifetime', 'refresh-lifetime'];
const UNKNOWN_HANDLE = [
  'session-id-tampered',
  'session-id-unsigned',
  'session-id-raw',
  'session-id-foreign',
];
const SITES = ['fetch-site-cross-site', 'fetch-site-same-site', 'fetch-site-none'];

/** The probes that report each bent rule, and no others do. */
const REPORTED: Record<Bend, readonly string[]> = {
  'signed-out: 500': SIGNED_OUT,
  'signed-out: 401 in HTML': [...SIGNED_OUT, ...PROBLEM],
  'signed-out: 302 to a login page': SIGNED_OUT,
  'signed-out: 200 with a login page': SIGNED_OUT,
  'signed-out: a session': ['signed-out'],
  'signed-out: a refresh': ['signed-out-refresh'],
  'signed-out: a CSRF layer answers first': [...SIGNED_OUT, ...PROBLEM],
  'handle: no age': ['session-id-old'],
  'handle: no time': ['session-id-old'],
  'handle: no user': ['other-user', 'sign-out-other-user'],
  'handle: no rights': ['rights-changed'],
  'handle: no signature': ['session-id-tampered', 'session-id-unsigned'],
  'handle: ten characters of the signature': ['session-id-tampered', 'session-id-unsigned'],
  'handle: the raw ID is accepted': ['session-id-raw'],
  'handle: the raw ID is the session_id': ['session-id', 'other-user', 'sign-out-other-user'],
  'handle: an unknown one starts a session': UNKNOWN_HANDLE,
  'handle: an unknown one is a 500': UNKNOWN_HANDLE,
  'handle: an unknown one is a 400': UNKNOWN_HANDLE,
  'no-store: missing': ['no-store'],
  'no-store: missing in refusals': ['no-store'],
  'cors: *': ['cors'],
  'cors: any origin': ['cors'],
  'cors: any origin in a preflight': ['cors'],
  'cors: null': ['cors'],
  'origin: any': [
    'origin-foreign',
    'origin-lookalike',
    'origin-null',
    'origin-missing',
    'forwarded-host',
  ],
  'origin: a prefix is enough': ['origin-lookalike'],
  'origin: null': ['origin-null'],
  'origin: none': ['origin-missing'],
  'origin: not without Sec-Fetch-Site': ['older-browser'],
  'origin: X-Forwarded-Host': ['forwarded-host'],
  'site: cross-site': ['fetch-site-cross-site', 'sign-out-foreign'],
  'site: same-site': ['fetch-site-same-site'],
  'site: none': ['fetch-site-none'],
  'site: not looked at': SITES,
  'type: text/plain': ['content-type-text'],
  'type: forms': ['content-type-form'],
  'type: no charset': ['content-type-charset'],
  'method: GET': ['method'],
  'method: PUT': ['method'],
  'method: a page for GET': ['method'],
  'body: 20 kB': ['body-too-large'],
  'body: 20 kB is a 500': ['body-too-large', 'body-huge'],
  'body: 2 MB': ['body-huge'],
  'body: malformed is a 500': ['body-malformed'],
  'body: an array': ['body-malformed'],
  'body: deep is a 500': ['body-deep'],
  'body: slow is a session': ['slow-body'],
  'body: external_user_id': ['body-fields'],
  'body: role': ['body-fields'],
  'body: launch_page unchecked': ['launch-page-invalid'],
  'body: session_id unchecked': ['session-id-type'],
  'created: a redirect to the slash': ['session-created'],
  'created: text/html': ['session-created', 'refresh-answers', 'refresh-again', 'refresh-parallel'],
  'created: no session_id': ['session-created'],
  'created: an empty access_token': ['session-created', 'sessions-distinct'],
  'created: more than 64 KiB': ['session-created'],
  'created: a CSRF layer answers first': ['session-created', 'csrf-layer'],
  'created: no answer': ['session-created'],
  'created: cached': ['sessions-distinct', 'launch-page-invalid'],
  'created: another launch page': [],
  'created: a launch page is a 500': ['launch-page'],
  'created: own cookie needed': ['refresh-answers', 'cookie-alone'],
  'lifetime: none': LIFETIME,
  'lifetime: a text': LIFETIME,
  'lifetime: no date': LIFETIME,
  'lifetime: the past': LIFETIME,
  'lifetime: a number in a text': LIFETIME,
  'lifetime: a space for the T': LIFETIME,
  'lifetime: seconds since the epoch': LIFETIME,
  'lifetime: none at a refresh': ['refresh-lifetime'],
  'embed_origin: none at a refresh': ['embed-origin'],
  'embed_origin: another one': ['embed-origin'],
  'launch_url: http': ['launch-url', 'embed-origin', 'sessions-distinct'],
  'launch_url: another origin': ['embed-origin', 'sessions-distinct'],
  'launch_url: the own origin': ['launch-url', 'embed-origin', 'sessions-distinct'],
  'launch_url: a user name': ['launch-url'],
  'launch_url: a script': ['launch-url', 'embed-origin', 'sessions-distinct'],
  'leak: launch_token': ['no-secrets'],
  'leak: machine JWT in a header': ['no-secrets'],
  'leak: access key': ['no-secrets'],
  'leak: the cookie in a refusal': ['no-secrets'],
  'leak: the text of Meshes': ['no-meshes-texts'],
  'problem: application/json': ['problem-document'],
  'problem: no code': ['problem-document'],
  'problem: another status': ['problem-document'],
  'problem: retryable': ['problem-retryable'],
  'problem: no retryable': ['problem-retryable'],
  'refresh: 500': ['refresh-answers'],
  'refresh: another session_id': ['refresh-keeps-id', 'refresh-parallel'],
  'refresh: no session_id': ['refresh-keeps-id'],
  'refresh: the same token': ['refresh-new-token'],
  'refresh: a launch_url': ['refresh-without-launch-url'],
  'refresh: once only': ['refresh-again', 'refresh-parallel'],
  'refresh: not in parallel': ['refresh-parallel'],
  '429: no Retry-After': ['rate-limit'],
  '429: Retry-After in words': ['rate-limit'],
  '429: final': ['rate-limit'],
  'sign-out: any origin': ['sign-out-foreign'],
  'sign-out: any user': ['sign-out-other-user'],
  'sign-out: no effect': ['sign-out'],
  'sign-out: 500': ['sign-out'],
};

/** Shown without an endpoint, in probes.test.ts. */
const ELSEWHERE = ['transport', 'answer-time'];

const COOKIE = 'user=ada; sid=canary-cookie-of-ada';
/** Tokens and signed texts of the emulator and of the endpoint, its session IDs, and the cookies. */
const SECRET = /eyJ[\w-]{10}|canary-cookie|sess_(?!0001)\w|launch=/;

describe('the check of an endpoint', () => {
  let emulator: Emulator;
  before(async () => (emulator = await startEmulator({apiPort: 0, embedPort: 0})));
  after(() => emulator.close());

  async function withEndpoint<T>(
    bends: readonly Bend[],
    use: (endpoint: BentEndpoint) => Promise<T>,
    csrf?: string,
  ): Promise<T> {
    const endpoint = await startBentEndpoint(`${emulator.apiOrigin}/api/v1`, bends, csrf);
    try {
      return await use(endpoint);
    } finally {
      await endpoint.close();
    }
  }

  const basic = ({origin}: BentEndpoint) => [
    ...[`${origin}/session`, '--timeout', '1000'],
    ...['--cookie', COOKIE, '--other-cookie', 'user=eve'],
  ];
  const complete = async (endpoint: BentEndpoint) => [
    ...basic(endpoint),
    ...['--sign-out', '/sign-out', '--burst', '60'],
    ...['--old-session-id', await endpoint.handle({issued: 1_700_000_000})],
    ...['--changed-session-id', await endpoint.handle({rights: 'owner'})],
  ];
  const checkBent = (bend: Bend) =>
    withEndpoint([bend], async endpoint => check(await complete(endpoint)));
  const reported = ({findings}: Report) =>
    findings
      .filter(({status}) => status === 'failed' || status === 'warning')
      .map(({id}) => id)
      .sort();

  test('passes all probes of an endpoint that keeps the rules, and ends its sessions', () =>
    withEndpoint([], async endpoint => {
      const report = await check(await complete(endpoint));
      assert.deepEqual(seenOf(report, 'failed', 'warning', 'unknown'), []);
      assert.equal(report.exitCode, 0);
      assert.equal(report.summary.passed, PROBES.length);
      assert.ok(report.sessions.created > 5);
      assert.equal(report.sessions.ended, report.sessions.created);
    }));

  for (const bend of BENDS) {
    const ids = REPORTED[bend];
    if (ids.length === 0) continue;
    test(`reports the rule that is bent to "${bend}" by ${ids.join(', ')}`, async () => {
      const report = await checkBent(bend);
      assert.deepEqual(reported(report), [...ids].sort());
      const isFailed = report.summary.failed > 0;
      assert.equal(report.exitCode, isFailed ? 1 : 0);
      assert.doesNotMatch(JSON.stringify(report), SECRET);
    });
  }

  test('has a bent rule for each probe', () => {
    const shown = new Set([...Object.values(REPORTED).flat(), ...ELSEWHERE]);
    assert.deepEqual(
      PROBES.map(({id}) => id).filter(id => !shown.has(id)),
      [],
    );
  });

  test('has ids and titles that differ', () => {
    assert.equal(new Set(PROBES.map(({id}) => id)).size, PROBES.length);
    assert.equal(new Set(PROBES.map(({title}) => title)).size, PROBES.length);
  });

  test('warns of a session_id without a time, even if no old one is known', () =>
    withEndpoint(['handle: no time'], async endpoint => {
      const report = await check(basic(endpoint));
      assert.match(String(seenOf(report, 'warning')), /^session-id-old: .*--old-session-id/);
      assert.equal(report.exitCode, 0);
    }));

  test('does not know whether the launch page is right if another one opens', async () => {
    const report = await checkBent('created: another launch page');
    assert.match(String(seenOf(report, 'unknown')), /^launch-page: Another page opens/);
  });

  test('names the option that is missing for each probe that is unknown', () =>
    withEndpoint([], async endpoint => {
      const report = await check([`${endpoint.origin}/session`, '--cookie', COOKIE]);
      assert.deepEqual(
        seenOf(report, 'unknown').map(line => line.replace(/^(\S+): .*(--[\w-]+)[ .].*$/, '$1 $2')),
        [
          'other-user --other-cookie',
          'session-id-old --old-session-id',
          'rights-changed --changed-session-id',
          'rate-limit --burst',
          'sign-out-foreign --sign-out',
          'sign-out-other-user --sign-out',
          'sign-out --sign-out',
          'no-meshes-texts --burst',
        ],
      );
      assert.deepEqual(seenOf(report, 'failed', 'warning'), []);
      assert.equal(report.exitCode, 0);
      assert.equal(report.sessions.ended, 0);
    }));

  test('passes only what needs no user if nobody is signed in', () =>
    withEndpoint([], async endpoint => {
      const report = await check([`${endpoint.origin}/session`]);
      assert.deepEqual(
        report.findings.filter(({status}) => status === 'passed').map(({id}) => id),
        ['transport', 'signed-out', 'problem-document', 'problem-retryable', 'cors', 'no-secrets'],
      );
      assert.match(String(seenOf(report, 'unknown')), /session-created: .*--cookie or --header/);
      assert.equal(report.exitCode, 0);
    }));

  test('does not take the refusal of a wrong cookie for the refusal of an attack', () =>
    withEndpoint([], async endpoint => {
      const report = await check([`${endpoint.origin}/session`, '--cookie', 'theme=dark']);
      assert.deepEqual(seenOf(report, 'failed'), [
        'session-created: 401, application/problem+json, code not_signed_in',
      ]);
      const origin = report.findings.find(({id}) => id === 'origin-foreign');
      assert.equal(origin?.status, 'unknown');
    }));

  test('does not take a second user who is not signed in for a refused one', () =>
    withEndpoint([], async endpoint => {
      const report = await check([...basic(endpoint), '--other-cookie', 'theme=dark']);
      assert.equal(report.findings.find(({id}) => id === 'other-user')?.status, 'passed');
      const other = await check([
        ...[`${endpoint.origin}/session`, '--cookie', COOKIE, '--other-cookie', 'theme=dark'],
      ]);
      const {status, seen} = other.findings.find(({id}) => id === 'other-user')!;
      assert.equal(status, 'unknown');
      assert.match(seen, /The user of --other-cookie gets no session/);
    }));

  test('asks whether both cookies belong to one user', () =>
    withEndpoint([], async endpoint => {
      const report = await check([
        ...[`${endpoint.origin}/session`, '--cookie', COOKIE, '--other-cookie', 'user=ada'],
      ]);
      assert.match(String(seenOf(report, 'failed')), /^other-user: .*do both cookies belong/);
    }));

  describe('behind a CSRF layer', () => {
    const csrf = 'canary-csrf-token-1234';
    const checkWith = (options: (origin: string) => readonly string[]) =>
      withEndpoint(
        [],
        async endpoint => {
          const run = await runCheck([
            ...(await complete(endpoint)),
            ...options(endpoint.origin),
            '--json',
          ]);
          assert.doesNotMatch(run.out + run.error, /canary-csrf/);
          return {...(JSON.parse(run.out) as Report), exitCode: run.exitCode};
        },
        csrf,
      );

    test('names the layer, and the options that it needs', async () => {
      const report = await checkWith(() => []);
      const failures = seenOf(report, 'failed').join('\n');
      assert.match(failures, /^csrf-layer: .*by Django\. Pass --csrf-cookie csrftoken/m);
      assert.match(failures, /^session-created: .*CSRF layer of Django answered first/m);
      assert.equal(report.exitCode, 1);
      assert.equal(report.findings.find(({id}) => id === 'origin-foreign')?.status, 'unknown');
    });

    for (const [name, options] of [
      ['a <meta> of a page', ['--csrf-meta', 'csrf-token', '--page', '/page']],
      ['a cookie that a page sets', ['--csrf-cookie', 'csrftoken', '--page', '/page']],
    ] as const) {
      test(`passes all probes with the token of ${name}`, async () => {
        const report = await checkWith(() => options);
        assert.deepEqual(seenOf(report, 'failed', 'warning', 'unknown'), []);
        const layer = report.findings.find(({id}) => id === 'csrf-layer');
        assert.match(layer!.seen, /^without its token: 403/);
      });
    }

    test('takes the token from the cookies of the user', async () => {
      const report = await checkWith(() => [
        ...['--csrf-cookie', 'csrftoken', '--cookie', `csrftoken=${csrf}`],
      ]);
      assert.deepEqual(report.findings.find(({id}) => id === 'session-created')?.status, 'passed');
    });

    test('warns if the layer needs no token', () =>
      withEndpoint([], async endpoint => {
        const report = await check([
          ...basic(endpoint),
          ...['--csrf-cookie', 'csrftoken', '--cookie', 'csrftoken=canary-csrf'],
        ]);
        assert.deepEqual(seenOf(report, 'failed', 'warning'), [
          'csrf-layer: a session without the CSRF token, too',
        ]);
      }));
  });
});
