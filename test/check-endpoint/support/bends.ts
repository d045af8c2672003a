/** Which probes report which bent rule, and the test that they do. */
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {type Emulator, createEmulator} from '../../../src/emulator/index.js';
import {type Bend, BENDS, type BentEndpoint, startBentEndpoint} from './bent-endpoint.js';
import {check, reportedIn} from './check.js';

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

const warned = (ids: readonly string[]) => ids.map(id => `${id} (warning)`);

/** The probes that report each bent rule, and no others do. */
export const REPORTED: Record<Bend, readonly string[]> = {
  'signed-out: 500': SIGNED_OUT,
  'signed-out: 401 in HTML': [...SIGNED_OUT, ...PROBLEM],
  'signed-out: 302 to a login page': SIGNED_OUT,
  'signed-out: 200 with a login page': SIGNED_OUT,
  'signed-out: a session': ['signed-out'],
  'signed-out: a refresh': ['signed-out-refresh'],
  'signed-out: a CSRF layer answers first': [...warned(SIGNED_OUT), ...PROBLEM],
  'handle: no age': ['session-id-old'],
  'handle: no time': ['session-id-old'],
  'handle: no user': ['other-user', 'sign-out-other-user'],
  'handle: no rights': ['rights-changed'],
  'handle: no signature': ['session-id-tampered', 'session-id-unsigned'],
  'handle: ten characters of the signature': ['session-id-tampered', 'session-id-unsigned'],
  'handle: the raw ID is accepted': ['session-id-raw'],
  'handle: the raw ID is the session_id': [
    'session-id (warning)',
    'other-user',
    'sign-out-other-user',
  ],
  'handle: an unknown one starts a session': UNKNOWN_HANDLE,
  'handle: an unknown one is a 500': UNKNOWN_HANDLE,
  'handle: an unknown one is a 400': warned(UNKNOWN_HANDLE),
  'no-store: missing': ['no-store'],
  'no-store: missing in refusals': ['no-store (warning)'],
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
  'method: a page for GET': ['method (warning)'],
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
  'lifetime: a number in a text': warned(LIFETIME),
  'lifetime: a space for the T': warned(LIFETIME),
  'lifetime: seconds since the epoch': warned(LIFETIME),
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

export const COOKIE = 'user=ada; sid=canary-cookie-of-ada';
/** Tokens and signed texts of the emulator and of the endpoint, its session IDs, and the cookies. */
const SECRET = /eyJ[\w-]{10}|canary-cookie|sess_(?!0001)\w|launch=|\[hidden\]/;

export async function withEndpoint<T>(
  emulator: Emulator,
  bends: readonly Bend[],
  use: (endpoint: BentEndpoint) => Promise<T>,
  csrf?: string,
): Promise<T> {
  const endpoint = await startBentEndpoint(emulator.apiUrl, bends, csrf);
  try {
    return await use(endpoint);
  } finally {
    await endpoint.close();
  }
}

/** Two users. */
export const basicOptions = ({origin}: BentEndpoint) => [
  ...[`${origin}/session`, '--timeout', '1000'],
  ...['--cookie', COOKIE, '--other-cookie', 'user=eve'],
];

/** With all that a probe needs. */
export const allOptions = async (endpoint: BentEndpoint) => [
  ...basicOptions(endpoint),
  ...['--sign-out', '/sign-out', '--burst', '60'],
  ...['--old-session-id', await endpoint.handle({issued: 1_700_000_000})],
  ...['--changed-session-id', await endpoint.handle({rights: 'owner'})],
];

/** @param concern what the names of the bent rules start with */
export function describeBends(concern: RegExp): void {
  describe('the check of an endpoint with a bent rule', () => {
    let emulator: Emulator;
    before(async () => (emulator = await createEmulator({port: 0})));
    after(() => emulator.close());

    for (const bend of BENDS.filter(name => concern.test(name))) {
      const ids = REPORTED[bend];
      if (ids.length === 0) continue;
      test(`reports the rule that is bent to "${bend}" by ${ids.join(', ')}`, async () => {
        const report = await withEndpoint(emulator, [bend], async endpoint =>
          check(await allOptions(endpoint)),
        );
        assert.deepEqual(reportedIn(report), [...ids].sort());
        const isWarned = ids.every(id => id.endsWith('(warning)'));
        assert.equal(report.exitCode, isWarned ? 0 : 1);
        assert.doesNotMatch(JSON.stringify(report), SECRET);
      });
    }
  });
}
