import {csrfLayerOf} from '../csrf.js';
import {FOREIGN_ORIGIN, type RequestChange} from '../endpoint.js';
import {contentsOf} from '../handle.js';
import {failed, judgeRefusal, type Outcome, passed, unknown, warning, worst} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {describe, type Fields, fieldsOf, holdsSession, isSuccess} from '../reply.js';

/** A request of an older browser: without `Sec-Fetch-Site`, only `Origin` counts. */
const OLDER_BROWSER = {
  'sec-fetch-site': undefined,
  'sec-fetch-mode': undefined,
  'sec-fetch-dest': undefined,
};
const NO_ORIGIN = '(none)';

/** Requests that differ from an accepted one in `change` only, all of which must be refused. */
async function checkRefused(
  {endpoint, sessions}: Context,
  requests: readonly (RequestChange & {name: string; body?: unknown})[],
): Promise<Outcome> {
  await sessions.of();
  const outcomes = [];
  for (const {name, body = {}, ...change} of requests) {
    outcomes.push({name, ...judgeRefusal(await endpoint.post(body, change))});
  }
  return worst(outcomes);
}

function originProbe(
  id: string,
  title: string,
  origins: (own: string) => readonly string[],
  why: string,
): Probe {
  return {
    id,
    title,
    section: 'csrf',
    expected: '403, no session',
    why,
    run: context =>
      checkRefused(
        context,
        origins(context.endpoint.settings.origin).map(origin => ({
          name: `Origin ${origin}`,
          headers: {...OLDER_BROWSER, origin: origin === NO_ORIGIN ? undefined : origin},
        })),
      ),
  };
}

function siteProbe(site: string, why: string): Probe {
  return {
    id: `fetch-site-${site}`,
    title: `refuses Sec-Fetch-Site: ${site}`,
    section: 'csrf',
    expected: '403, no session, with any Origin',
    why,
    run: async ({endpoint, sessions}) => {
      await sessions.of();
      const {origin} = endpoint.settings;
      const headers = {'sec-fetch-site': site};
      const foreign = await endpoint.post({}, {headers: {...headers, origin: FOREIGN_ORIGIN}});
      const own = await endpoint.post({}, {headers});
      // CORS headers show that the host page is on the list of the origins that may ask from anywhere.
      const isListed =
        own.kind === 'answer' && own.headers['access-control-allow-origin'] === origin;
      return worst([
        {name: 'a foreign Origin', ...judgeRefusal(foreign)},
        {
          name: 'the Origin of the page',
          ...(isListed ? passed('allowed by CORS') : judgeRefusal(own)),
        },
      ]);
    },
  };
}

const TYPES: readonly [type: string | undefined, body: unknown][] = [
  ['text/plain', '{}'],
  ['text/plain;charset=UTF-8', '{}'],
  ['text/plain; x=application/json', '{}'],
  [undefined, '{}'],
];
const FORM_TYPES: readonly [type: string, body: string][] = [
  ['application/x-www-form-urlencoded', '{}'],
  ['application/x-www-form-urlencoded', 'launch_page=rules'],
  ['multipart/form-data; boundary=x', '{}'],
  [
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="launch_page"\r\n\r\nrules\r\n--x--\r\n',
  ],
];

const typeRequests = (types: readonly [type: string | undefined, body: unknown][]) =>
  types.map(([type, body]) => ({
    name: type ?? 'no content type',
    body,
    headers: {'content-type': type},
  }));

const padded = (bytes: number) => JSON.stringify({padding: 'x'.repeat(bytes)});

/** Names of fields that `POST /sessions` of Meshes has, with values that the user of the check does not have. */
const FORBIDDEN_FIELDS = {
  external_user_id: 'check-endpoint-canary',
  workspace_id: '00000000-0000-4000-8000-000000000000',
  role: 'owner',
  scopes: ['events.payload:read'],
  allowed_origins: [FOREIGN_ORIGIN],
  ttl_seconds: 3600,
};

/** What can be read in the session_id and in the token, by its place. */
function readable({session_id, access_token}: Fields): Map<string, string> {
  const texts = {session_id, access_token};
  return new Map(
    Object.entries(texts).flatMap(([name, text]) =>
      contentsOf(String(text)).flatMap((fields, index) =>
        Object.entries(fields).map(
          ([key, value]) => [`${name} ${index} ${key}`, JSON.stringify(value)] as const,
        ),
      ),
    ),
  );
}

async function checkForbiddenFields({endpoint, sessions}: Context): Promise<Outcome> {
  const first = readable((await sessions.of()).fields);
  const reply = await endpoint.post(FORBIDDEN_FIELDS);
  if (!isSuccess(reply)) {
    return reply.kind === 'answer' && reply.status === 400
      ? passed('400')
      : failed(describe(reply));
  }
  const changed = readable(fieldsOf(reply));
  if (JSON.stringify([...changed]).includes(FORBIDDEN_FIELDS.external_user_id)) {
    return failed('a session of the user that the body names');
  }
  const second = readable(fieldsOf(await endpoint.post({})));
  const stable = [...first].filter(([key, value]) => second.get(key) === value);
  if (stable.length === 0) {
    return unknown('Neither session_id nor access_token can be read, so the user is not visible.');
  }
  const different = stable.find(([key, value]) => changed.get(key) !== value);
  return different
    ? failed(`another ${different[0].split(' ')[0]} than without the fields: they have an effect`)
    : passed('the same session as without the fields');
}

async function checkGet({endpoint, sessions}: Context): Promise<Outcome> {
  await sessions.of();
  const outcomes = [];
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
    const reply = await endpoint.post({}, {method});
    const isPage = isSuccess(reply) && !holdsSession(reply);
    outcomes.push({
      name: method,
      ...(isPage && (method === 'GET' || method === 'HEAD')
        ? warning(`${describe(reply)}: a page, without a session`)
        : judgeRefusal(reply)),
    });
  }
  return worst(outcomes);
}

async function checkDeep({endpoint, sessions}: Context): Promise<Outcome> {
  await sessions.of();
  const reply = await endpoint.post(`{"a":${'['.repeat(7000)}${']'.repeat(7000)}}`);
  return isSuccess(reply) ? passed(describe(reply)) : judgeRefusal(reply);
}

/** A server may close the connection while the body is still being sent. */
async function checkHuge({endpoint, sessions}: Context): Promise<Outcome> {
  await sessions.of();
  const reply = await endpoint.post(padded(2_000_000));
  return reply.kind === 'none' && reply.reason === 'closed'
    ? passed(describe(reply))
    : judgeRefusal(reply);
}

async function checkCsrfLayer({endpoint, sessions}: Context): Promise<Outcome> {
  const reply = await sessions.created();
  const layer = reply.kind === 'answer' ? csrfLayerOf(reply) : undefined;
  if (layer) return failed(`${describe(reply)}, by ${layer.name}. Pass ${layer.options}.`);
  await sessions.of();
  if (!endpoint.settings.csrf) return passed('no other CSRF layer answers first');
  const without = await endpoint.post({}, {csrf: false});
  return isSuccess(without)
    ? warning('a session without the CSRF token, too')
    : passed(`without its token: ${describe(without)}`);
}

async function checkAccepted(
  {endpoint, sessions}: Context,
  change: RequestChange,
): Promise<Outcome> {
  await sessions.of();
  const reply = await endpoint.post({}, change);
  return isSuccess(reply) && holdsSession(reply)
    ? passed(describe(reply))
    : failed(describe(reply));
}

export const REQUEST_PROBES: readonly Probe[] = [
  {
    id: 'csrf-layer',
    title: 'lets the requests of the page through the CSRF layer',
    section: 'csrf',
    expected: 'the answer of the endpoint, and not of a CSRF layer of the framework',
    why: 'The element gets 403 until its tag has csrf-meta or csrf-cookie.',
    run: checkCsrfLayer,
  },
  {
    id: 'older-browser',
    title: 'accepts the Origin of the page without Sec-Fetch-Site',
    section: 'csrf',
    expected: 'a session',
    why: 'Older browsers do not send Sec-Fetch-Site. Behind a proxy, check Host and the scheme.',
    run: context => checkAccepted(context, {headers: OLDER_BROWSER}),
  },
  {
    id: 'content-type-charset',
    title: 'accepts application/json with a charset',
    section: 'request',
    expected: 'a session',
    why: 'Some clients and proxies add the charset.',
    run: context =>
      checkAccepted(context, {headers: {'content-type': 'application/json; charset=utf-8'}}),
  },
  originProbe(
    'origin-foreign',
    'refuses a foreign Origin',
    () => [FOREIGN_ORIGIN],
    'Any site could ask for a session of your user.',
  ),
  originProbe(
    'origin-lookalike',
    'refuses an Origin that resembles that of the page',
    own => [
      `${own}.check-endpoint.invalid`,
      `${own}@check-endpoint.invalid`,
      `https://check-endpoint-${new URL(own).host}`,
      `${new URL(own).protocol}//${new URL(own).hostname}:1`,
    ],
    'Anybody can register a host that contains the name of yours.',
  ),
  originProbe(
    'origin-null',
    'refuses Origin: null',
    () => ['null'],
    'Sandboxed frames and redirects of any site send this origin.',
  ),
  originProbe(
    'origin-missing',
    'refuses a request without Origin and Sec-Fetch-Site',
    () => [NO_ORIGIN],
    'Browsers send Origin with each POST. Without it, nothing shows where the request is from.',
  ),
  {
    id: 'forwarded-host',
    title: 'does not trust X-Forwarded-Host of the request',
    section: 'csrf',
    expected: '403, no session',
    why: 'Trust this header only behind a proxy that sets it. Here it came from outside.',
    run: context =>
      checkRefused(context, [
        {
          name: 'a foreign Origin and X-Forwarded-Host',
          headers: {
            ...OLDER_BROWSER,
            origin: FOREIGN_ORIGIN,
            'x-forwarded-host': new URL(FOREIGN_ORIGIN).host,
            'x-forwarded-proto': 'https',
          },
        },
      ]),
  },
  siteProbe('cross-site', 'The browser says that a page of another site has sent the request.'),
  siteProbe('same-site', 'The browser says that another host of your site has sent the request.'),
  siteProbe('none', 'No page sends it: the user has typed the address, or opened a bookmark.'),
  {
    id: 'content-type-text',
    title: 'refuses text/plain',
    section: 'csrf',
    expected: '415, no session',
    why: 'A page of another site can send text/plain without asking first.',
    run: context => checkRefused(context, typeRequests(TYPES)),
  },
  {
    id: 'content-type-form',
    title: 'refuses forms',
    section: 'csrf',
    expected: '415, no session',
    why: 'A form of another site can send this type, with the cookies of the user.',
    run: context => checkRefused(context, typeRequests(FORM_TYPES)),
  },
  {
    id: 'method',
    title: 'accepts POST only',
    section: 'situations',
    expected: '405, no session, for GET, HEAD, PUT, PATCH, and DELETE',
    why: 'Links and images of other sites send GET, with the cookies of the user.',
    run: checkGet,
  },
  {
    id: 'body-too-large',
    title: 'refuses a body of 20 kB',
    section: 'situations',
    expected: '413',
    why: 'A request has a few hundred bytes. Large bodies are attacks on your memory.',
    run: context => checkRefused(context, [{name: '20 kB', body: padded(20_000)}]),
  },
  {
    id: 'body-huge',
    title: 'refuses a body of 2 MB',
    section: 'situations',
    expected: '413, or a closed connection',
    why: 'A request has a few hundred bytes. Large bodies are attacks on your memory.',
    run: checkHuge,
  },
  {
    id: 'body-malformed',
    title: 'refuses a body that is not a JSON object',
    section: 'situations',
    expected: '400',
    why: 'A 5xx status is an error of your backend: the element retries, and you get an alarm.',
    run: context =>
      checkRefused(
        context,
        ['{', '[]', 'null', '7', '"text"'].map(body => ({name: `the body ${body}`, body})),
      ),
  },
  {
    id: 'body-deep',
    title: 'survives deeply nested JSON',
    section: 'situations',
    expected: '400, or a session',
    why: 'Some parsers crash at deep nesting.',
    run: checkDeep,
  },
  {
    id: 'body-fields',
    title: 'ignores other fields of the body',
    section: 'request',
    expected: 'the same session as without external_user_id, workspace_id, role, and scopes',
    why: 'A user could choose another user, workspace, or role.',
    run: checkForbiddenFields,
  },
  {
    id: 'launch-page-invalid',
    title: 'refuses a launch_page that does not exist',
    section: 'situations',
    expected: '400',
    why: 'Meshes refuses it too, but as an error of your backend.',
    run: context =>
      checkRefused(
        context,
        ['settings', 7].map(launch_page => ({
          name: `launch_page ${JSON.stringify(launch_page)}`,
          body: {launch_page},
        })),
      ),
  },
  {
    id: 'session-id-type',
    title: 'refuses a session_id that is not a text',
    section: 'situations',
    expected: '400',
    why: 'A body with session_id asks for a token of this session, never for a new session.',
    run: context =>
      checkRefused(
        context,
        [7, null, '', [], {}, true].map(session_id => ({
          name: `session_id ${JSON.stringify(session_id)}`,
          body: {session_id},
        })),
      ),
  },
];
