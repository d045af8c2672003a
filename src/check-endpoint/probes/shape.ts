import {type Endpoint, FOREIGN_ORIGIN} from '../endpoint.js';
import type {Answer} from '../exchange.js';
import {contentsOf} from '../handle.js';
import {failed, type Outcome, passed, unknown, warning} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {
  codeOf,
  describe,
  fieldsOf,
  holdsSession,
  isRefusal,
  isSuccess,
  mediaType,
} from '../reply.js';

const answersOf = ({endpoint}: Context): Answer[] =>
  endpoint.replies.filter(reply => reply.kind === 'answer');

/** Returns the refusals of a signed-out user and of an invalid session_id. */
async function refusalsOf({endpoint, sessions}: Context): Promise<[name: string, Answer][]> {
  const refusals: [string, Answer][] = [];
  const add = async (name: string, body: object, user: 'user' | 'nobody') => {
    const reply = await endpoint.post(body, {user});
    if (reply.kind === 'answer' && isRefusal(reply)) refusals.push([name, reply]);
  };
  await add('signed out', {}, 'nobody');
  if (holdsSession(await sessions.created())) {
    await add('a wrong session_id', {session_id: 'check-endpoint'}, 'user');
  }
  return refusals;
}

const isNoStore = ({headers}: Answer) =>
  /(^|[\s,])no-store($|[\s,;])/i.test(headers['cache-control'] ?? '');

async function checkNoStore(context: Context): Promise<Outcome> {
  await context.sessions.of();
  const stored = answersOf(context).find(answer => holdsSession(answer) && !isNoStore(answer));
  if (stored) return failed('a session without Cache-Control: no-store');
  const refusal = (await refusalsOf(context)).find(([, answer]) => !isNoStore(answer));
  return refusal
    ? warning(`${refusal[0]}: ${describe(refusal[1])}, without Cache-Control: no-store`)
    : passed('no-store in each response');
}

async function checkProblem(context: Context): Promise<Outcome> {
  const refusals = await refusalsOf(context);
  for (const [name, answer] of refusals) {
    const {title, status} = fieldsOf(answer);
    const fault =
      mediaType(answer) !== 'application/problem+json'
        ? 'not application/problem+json'
        : codeOf(answer) === undefined
          ? 'without a valid code'
          : typeof title !== 'string' || title === ''
            ? 'without title'
            : status !== answer.status
              ? 'status in the body differs from the HTTP status'
              : undefined;
    if (fault) return failed(`${name}: ${describe(answer)}, ${fault}`);
  }
  return refusals.length > 0 ? passed(names(refusals)) : unknown('No response was a refusal.');
}

const names = (refusals: readonly [name: string, Answer][]) =>
  refusals.map(([name, answer]) => `${name}: ${codeOf(answer)}`).join('; ');

async function checkRetryable(context: Context): Promise<Outcome> {
  const refusals = await refusalsOf(context);
  for (const [name, answer] of refusals) {
    const {retryable} = fieldsOf(answer);
    if (retryable !== false) {
      const shown =
        retryable === undefined ? 'without retryable' : 'with another value of retryable';
      return failed(`${name}: ${describe(answer)}, ${shown}`);
    }
  }
  return refusals.length > 0
    ? passed('"retryable": false in each refusal')
    : unknown('No response was a refusal.');
}

const CORS_CAUSE = 'A development server, such as Vite, may add this header.';

/** An origin, which is usually the one that the check sent. Any other text could be a secret. */
function shownOrigin(value: string): string {
  const isKnown = value === '*' || value === 'null';
  const isOrigin = URL.canParse(value) && new URL(value).origin === value;
  return isKnown || isOrigin ? value : 'not an origin';
}

async function checkCors(context: Context): Promise<Outcome> {
  const {endpoint} = context;
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
    'sec-fetch-site': 'cross-site',
    'content-type': undefined,
    cookie: undefined,
  };
  for (const origin of [FOREIGN_ORIGIN, 'null']) {
    await endpoint.post('', {method: 'OPTIONS', headers: {...preflight, origin}});
    await endpoint.post({}, {headers: {'sec-fetch-site': 'cross-site', origin}});
  }
  const {origin} = endpoint.settings;
  for (const {headers} of answersOf(context)) {
    const allowed = headers['access-control-allow-origin'];
    if (allowed === undefined || allowed === origin) continue;
    return failed(`Access-Control-Allow-Origin: ${shownOrigin(allowed)}. ${CORS_CAUSE}`);
  }
  return passed('no Access-Control-Allow-Origin for other origins');
}

/** Names a credential of the backend in a text. No response may contain one. */
function backendSecretIn(text: string, endpoint: Endpoint): string | undefined {
  // A token is random text: one in a thousand checks would find "mk_" in it.
  if (/\bmk_[\w-]{20,}/.test(endpoint.withoutSecrets(text))) return 'an access key (mk_…)';
  if (/urn:meshes:m2m/.test(text)) return 'a claim of a machine JWT';
  const isMachine = text
    .split(/[^\w.-]+/)
    .filter(word => word.split('.').length === 3)
    .flatMap(contentsOf)
    .some(({kid, iss}) => /^mk_/.test(String(kid)) || /^urn:meshes:m2m/.test(String(iss)));
  if (isMachine) return 'a machine JWT';
  const key = /"(secret_?key|access_?key|machine_?token|authorization)"\s*:/i.exec(text)?.[1];
  return key && `a field ${key}`;
}

async function checkSecrets(context: Context): Promise<Outcome> {
  await context.sessions.created();
  const {endpoint} = context;
  for (const answer of answersOf(context)) {
    const {body, headers, setCookies} = answer;
    const head = JSON.stringify([headers, setCookies]);
    const found = backendSecretIn(body, endpoint) ?? backendSecretIn(head, endpoint);
    if (found !== undefined) return failed(`${describe(answer)}: ${found}`);
    if ('launch_token' in fieldsOf(answer))
      return failed('launch_token, which the element ignores');
    const {access_token} = fieldsOf(answer);
    if (typeof access_token === 'string' && access_token !== '' && head.includes(access_token)) {
      return failed('the access token in a header');
    }
    const isRefused = !isSuccess(answer);
    if (isRefused && [...endpoint.secrets].some(secret => body.includes(secret))) {
      return failed(
        `${describe(answer)}: a refusal that repeats a cookie, a token, or a session_id`,
      );
    }
  }
  return passed(`none in ${answersOf(context).length} responses`);
}

export const SHAPE_PROBES: readonly Probe[] = [
  {
    id: 'no-store',
    title: 'forbids caches to store a response',
    section: 'answer',
    expected: 'Cache-Control: no-store in each response',
    why: 'A cache could return the session of one user to another user.',
    run: checkNoStore,
  },
  {
    id: 'problem-document',
    title: 'answers refusals as problem documents',
    section: 'errors',
    expected: 'application/problem+json with title, status, and code',
    why: 'The element reports the code, and reacts to it. You can search for it in your log.',
    run: checkProblem,
  },
  {
    id: 'problem-retryable',
    title: 'marks permanent refusals as not retryable',
    section: 'errors',
    expected: '"retryable": false for a signed-out user and for a wrong session_id',
    why: 'Otherwise, pages repeat a request that cannot succeed.',
    run: checkRetryable,
  },
  {
    id: 'cors',
    title: 'lets no page of another origin read responses',
    section: 'csrf',
    expected: 'no Access-Control-Allow-Origin for a foreign origin, null, or all (*)',
    why: 'A page of another site could read the token of your user.',
    run: checkCors,
  },
  {
    id: 'no-secrets',
    title: 'returns no credentials of the backend',
    section: 'situations',
    expected: 'no key, machine JWT, launch_token; no cookie or token in a refusal',
    why: 'Users can read what reaches the browser, and others can read logs.',
    run: checkSecrets,
  },
];
