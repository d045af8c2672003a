import {csrfLayerOf} from '../csrf.js';
import type {Answer, Reply} from '../exchange.js';
import {failed, type Outcome, passed, unknown, warning} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {
  describe,
  type Fields,
  fieldsOf,
  holdsSession,
  isJson,
  isSuccess,
  seconds,
} from '../reply.js';

/** Half of the time for which the element waits. */
const SLOW_MS = 5000;
const LOOPBACK = /^(localhost|[\w.-]+\.localhost|127(\.\d+){3}|\[::1\])$/;
const MESHES_ORIGIN = 'https://embed.meshes.io';
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/;
/** ISO 8601. Some languages and databases write a space instead of the T. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?$/;

/** Describes what is wrong with a response that should contain a session or a token. Undefined if it is correct. */
function faultOf(reply: Reply, names: readonly string[], fields: Fields): string | undefined {
  if (reply.kind === 'none' || !isSuccess(reply)) return `${describe(reply)}${hintOf(reply)}`;
  if (!isJson(reply)) return `${describe(reply)}, not JSON`;
  if (reply.isTooLong) return 'a body of more than 64 KiB';
  const missing = names.filter(name => fields[name] === undefined || fields[name] === null);
  if (missing.length > 0) return `a response without ${missing.join(', ')}`;
  const wrong = names.filter(name => typeof fields[name] !== 'string' || fields[name] === '');
  if (wrong.length > 0) return `not a string, or empty: ${wrong.join(', ')}`;
  return undefined;
}

function hintOf(reply: Reply): string {
  if (reply.kind === 'none') return '';
  const layer = csrfLayerOf(reply);
  if (layer) return `: the CSRF layer of ${layer.name} answered first`;
  if (reply.status >= 300 && reply.status < 400) return `: ${redirectHint(reply)}`;
  if (reply.status === 404) return ': is the URL right?';
  return '';
}

function redirectHint({headers}: Answer): string {
  return /\/(\?|#|$)/.test(headers.location ?? '')
    ? 'does the URL lack a slash at its end?'
    : 'most likely to a login page';
}

async function checkCreated({endpoint, sessions}: Context): Promise<Outcome> {
  const reply = await sessions.created();
  if (!endpoint.hasUser && !isSuccess(reply)) {
    return unknown('Requires a signed-in user. Pass --cookie or --header.');
  }
  const fault = faultOf(reply, ['access_token', 'session_id', 'launch_url'], fieldsOf(reply));
  return fault === undefined ? passed(describe(reply)) : failed(fault);
}

function checkLifetime(fields: Fields, answer: Answer): Outcome {
  const {expires_in: duration, expires_at: end} = fields;
  if (duration !== undefined && duration !== null) {
    const readable = toNumber(duration);
    if (readable === undefined || !(readable > 0)) {
      return failed('expires_in is not a positive number of seconds');
    }
    return typeof duration === 'number'
      ? passed(`expires_in: ${duration} s`)
      : warning('expires_in is a string. The element accepts it, but it should be a number.');
  }
  if (end === undefined || end === null) return failed('neither expires_in nor expires_at');
  const time = toTime(end);
  if (Number.isNaN(time)) return failed('expires_at is not a time in ISO 8601');
  const left = time - (Date.parse(answer.headers.date ?? '') || Date.now());
  if (left <= 0) return failed('expires_at has passed');
  return typeof end === 'string' && ISO_8601.test(end)
    ? passed(`expires_at: in ${seconds(left)}`)
    : warning('expires_at is not in ISO 8601. The element accepts it.');
}

function toNumber(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d+$/.test(value)
    ? Number(value)
    : typeof value === 'number'
      ? value
      : undefined;
}

/** Returns a time in milliseconds since the epoch, read as by the element: without a zone, it is UTC. */
function toTime(value: unknown): number {
  const number = toNumber(value);
  if (number !== undefined) return number < 1e12 ? number * 1000 : number;
  const [, date, time, zone = 'Z'] = (typeof value === 'string' && TIME.exec(value)) || [];
  return Date.parse(`${date}T${time}${zone}`);
}

const LIFETIME = {
  section: 'answer',
  expected: 'expires_in (seconds, a number), or expires_at (ISO 8601, in the future)',
  why: 'The element refreshes a token before it expires. Without a lifetime, the time is unknown.',
} as const;

function checkLaunchUrl(launchUrl: unknown, {endpoint}: Context): Outcome {
  const {origin, embedOrigins, endpoint: address} = endpoint.settings;
  const url = typeof launchUrl === 'string' && URL.canParse(launchUrl) ? new URL(launchUrl) : null;
  if (!url) return failed('not an absolute URL');
  if (url.username !== '' || url.password !== '') return failed('a URL with a user name');
  const isLoopback = LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    return failed(`a URL that starts with ${url.protocol}`);
  }
  if (url.origin === origin) return failed('a URL on the origin of the host page');
  if (embedOrigins.length > 0) {
    return embedOrigins.includes(url.origin)
      ? passed(url.origin)
      : failed(`${url.origin}, which is not in --embed-origin`);
  }
  if (url.origin === MESHES_ORIGIN) return passed(url.origin);
  if (isLoopback) {
    return LOOPBACK.test(address.hostname)
      ? passed(`${url.origin} (an emulator)`)
      : failed(`${url.origin}, the origin of an emulator`);
  }
  return unknown(`${url.origin}. If this is the origin of your workspace, pass --embed-origin.`);
}

async function checkEmbedOrigin({sessions}: Context): Promise<Outcome> {
  const {fields} = await sessions.of();
  const refreshed = await sessions.refresh();
  const origin = URL.canParse(String(fields.launch_url))
    ? new URL(String(fields.launch_url)).origin
    : undefined;
  for (const [name, value] of [
    ['new session', fields.embed_origin],
    ['refresh', refreshed.embed_origin],
  ] as const) {
    if (value === undefined || value === null) return failed(`${name}: no embed_origin`);
    if (value !== origin) return failed(`${name}: not the origin of launch_url`);
  }
  return passed(String(origin));
}

async function checkLaunchPage({endpoint, sessions}: Context): Promise<Outcome> {
  await sessions.of();
  const reply = await endpoint.post({launch_page: 'rules'});
  if (reply.kind === 'answer' && reply.status === 400) {
    return unknown('400: does the session type of this user have the page "rules"?');
  }
  const launchUrl = String(fieldsOf(reply).launch_url);
  if (!isSuccess(reply) || !URL.canParse(launchUrl)) return failed(describe(reply));
  if (/(^|\/)rules(\/|$)/.test(new URL(launchUrl).pathname)) return passed('opens "rules"');
  return unknown('Another page opens. This is correct if your endpoint chooses the page itself.');
}

async function checkDistinct({endpoint, sessions}: Context): Promise<Outcome> {
  const {fields} = await sessions.of();
  const reply = await endpoint.post({});
  if (!isSuccess(reply) || !holdsSession(reply)) return failed(describe(reply));
  const second = fieldsOf(reply);
  const same = ['session_id', 'access_token', 'launch_url'].filter(
    name => fields[name] === second[name],
  );
  return same.length === 0
    ? passed('two requests, two sessions')
    : failed(`two requests, the same ${same.join(', ')}`);
}

async function checkTime({sessions}: Context): Promise<Outcome> {
  const {answer} = await sessions.of();
  const refreshed = await sessions.refreshed();
  const slowest = Math.max(answer.durationMs, refreshed.durationMs);
  const seen = `${seconds(slowest)} for the slower request`;
  return slowest > SLOW_MS ? warning(seen) : passed(seen);
}

function checkTransport({endpoint}: Context): Outcome {
  const {endpoint: url, refreshEndpoint = url, signOut = url} = endpoint.settings;
  const isPlain = [url, refreshEndpoint, signOut].some(
    ({protocol, hostname}) => protocol !== 'https:' && !LOOPBACK.test(hostname),
  );
  return isPlain ? failed('http') : passed(url.protocol === 'https:' ? 'https' : 'http, loopback');
}

export const ANSWER_PROBES: readonly Probe[] = [
  {
    id: 'transport',
    title: 'uses https, or http on a loopback host',
    section: 'answer',
    expected: 'https; http on a loopback host only',
    why: 'Anybody on the network can read tokens and cookies that are sent over http.',
    run: checkTransport,
  },
  {
    id: 'session-created',
    title: 'answers a signed-in user with a session',
    section: 'answer',
    expected: 'a 2xx status and a JSON object with access_token, session_id, and launch_url',
    why: 'The element cannot start a workspace without these fields.',
    run: checkCreated,
  },
  {
    id: 'session-lifetime',
    title: 'returns the lifetime of the token of a new session',
    ...LIFETIME,
    run: async ({sessions}) => {
      const {fields, answer} = await sessions.of();
      return checkLifetime(fields, answer);
    },
  },
  {
    id: 'refresh-lifetime',
    title: 'returns the lifetime of a refreshed token',
    ...LIFETIME,
    run: async ({sessions}) => {
      const fields = await sessions.refresh();
      return checkLifetime(fields, (await sessions.refreshed()) as Answer);
    },
  },
  {
    id: 'launch-url',
    title: 'returns a launch URL on an allowed origin',
    section: 'meshes',
    expected: `an https URL without a user name, on ${MESHES_ORIGIN} or an --embed-origin`,
    why: 'The frame receives the token of the user. A frame on a wrong origin would steal it.',
    run: async context => checkLaunchUrl((await context.sessions.of()).fields.launch_url, context),
  },
  {
    id: 'embed-origin',
    title: 'sends the origin of the frame with each token',
    section: 'answer',
    expected: 'embed_origin in both responses, equal to the origin of launch_url',
    why: 'Without it, a frame that the launch-url attribute has started receives no token.',
    run: checkEmbedOrigin,
  },
  {
    id: 'launch-page',
    title: 'opens the page that the element requests',
    section: 'request',
    expected: 'a launch URL that opens "rules" for {"launch_page": "rules"}',
    why: 'Otherwise, the launch-page attribute has no effect.',
    run: checkLaunchPage,
  },
  {
    id: 'sessions-distinct',
    title: 'creates a new session for each request',
    section: 'request',
    expected: 'another session_id, access_token, and launch_url for a second request',
    why: 'A launch URL works once. A cached response can show the session of another user.',
    run: checkDistinct,
  },
  {
    id: 'answer-time',
    title: 'answers in time',
    section: 'meshes',
    expected: `at most ${seconds(SLOW_MS)}; the element gives up after 10 s`,
    why: 'The user waits, and the element sends another request after 10 s.',
    run: checkTime,
  },
];
