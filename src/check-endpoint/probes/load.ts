import type {Answer, Reply} from '../exchange.js';
import {failed, outcomeOfRefusal, type Outcome, passed, unknown} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {describe, fieldsOf, isSuccess, seconds} from '../reply.js';

/** The endpoint has 10 s. The network needs some time, too. */
const SLOW_BODY_FACTOR = 1.3;
const HTTP_DATE = /^[A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT$/;

const isLimited = (reply: Reply): reply is Answer =>
  reply.kind === 'answer' && reply.status === 429;

async function checkRateLimit({endpoint, sessions}: Context): Promise<Outcome> {
  const {burst} = endpoint.settings;
  if (!endpoint.replies.some(isLimited)) {
    if (burst === 0) return unknown('No response was 429. To provoke one, pass --burst 50.');
    const {id} = await sessions.of();
    await sessions.refresh();
    for (let sent = 0; sent < burst && !endpoint.replies.some(isLimited); sent++) {
      await endpoint.postOnce({session_id: id});
    }
  }
  const limited = endpoint.replies.find(isLimited);
  if (!limited) return unknown(`No response was 429, after ${burst} more requests.`);
  const wait = limited.headers['retry-after'] ?? '';
  if (wait === '') return failed('429 without Retry-After');
  if (!/^\d{1,6}$/.test(wait) && !HTTP_DATE.test(wait))
    return failed('429, Retry-After unreadable');
  if (fieldsOf(limited).retryable === false) return failed('429 with "retryable": false');
  return passed(`429, Retry-After: ${wait}`);
}

/** Whether a response has the form of an error of Meshes, `{message, error?}`. */
function isMeshesError(answer: Answer): boolean {
  const {message, error} = fieldsOf(answer);
  const isShape = typeof message === 'string' || (typeof error === 'object' && error !== null);
  return isShape || /embed launch token|api\.meshes\.io/.test(answer.body);
}

/** Whether a response was caused by Meshes, which refused the request, limited the rate, or failed. */
const comesFromMeshes = (reply: Reply): reply is Answer =>
  reply.kind === 'answer' && ([404, 409, 410, 429].includes(reply.status) || reply.status >= 500);

function checkTexts({endpoint}: Context): Outcome {
  const faults = endpoint.pageReplies.filter(comesFromMeshes);
  const leak = faults.find(isMeshesError);
  if (leak) return failed(`${describe(leak)}, with a text of Meshes or of a library`);
  return faults.length > 0
    ? passed(`none in ${faults.length} responses`)
    : unknown('No error of Meshes occurred. Pass --sign-out or --burst.');
}

async function checkSlowBody({endpoint, sessions}: Context): Promise<Outcome> {
  await sessions.of();
  const timeoutMs = endpoint.settings.timeoutMs * SLOW_BODY_FACTOR;
  const reply = await endpoint.postOnce('{', {announcedBytes: 1000, timeoutMs});
  if (isSuccess(reply)) return failed(describe(reply));
  if (reply.kind === 'answer') {
    // Many servers answer 408 themselves.
    return reply.status === 504 ? passed(describe(reply)) : outcomeOfRefusal(reply);
  }
  return reply.reason === 'closed'
    ? passed('the connection was closed')
    : unknown(`The server still waits for the body after ${seconds(timeoutMs)}. ${LIMIT_ADVICE}`);
}

// Node closes a connection at the next check, every connectionsCheckingInterval, after the larger one of the two limits:
// https://nodejs.org/api/http.html#serverrequesttimeout
const LIMIT_ADVICE =
  'Set a time limit for requests in the server or its proxy. Node waits for 300 s, Fastify forever: set requestTimeout, headersTimeout, and connectionsCheckingInterval (30 s).';

export const LOAD_PROBES: readonly Probe[] = [
  {
    id: 'slow-body',
    title: 'does not wait forever for a body',
    section: 'situations',
    expected: '408, or a closed connection, after 10 s',
    why: 'Clients that send nothing could occupy all of your workers.',
    isSlow: true,
    run: checkSlowBody,
  },
  {
    id: 'rate-limit',
    title: 'sends Retry-After when it limits the rate',
    section: 'errors',
    expected: '429 with Retry-After, and without "retryable": false',
    why: 'The element waits for the time in Retry-After. Without it, pages retry too early.',
    run: checkRateLimit,
  },
];

/** The last probe, because it checks all responses. */
export const TEXT_PROBE: Probe = {
  id: 'no-meshes-texts',
  title: 'returns no text of an error of Meshes',
  section: 'situations',
  expected: 'title, status, code, retryable; no message or error of Meshes',
  why: 'Such texts can contain IDs, tokens, and URLs of your backend.',
  run: checkTexts,
};
