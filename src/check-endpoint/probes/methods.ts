import {outcomeOfRefusal, type Outcome, warning, worst} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {describe, holdsSession, isSuccess} from '../reply.js';
import {checkAccepted, checkRefused} from './requests.js';

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
        : outcomeOfRefusal(reply)),
    });
  }
  return worst(outcomes);
}

export const METHOD_PROBES: readonly Probe[] = [
  {
    id: 'content-type-charset',
    title: 'accepts application/json with a charset',
    section: 'request',
    expected: 'a session',
    why: 'Some clients and proxies add the charset.',
    run: context =>
      checkAccepted(context, {headers: {'content-type': 'application/json; charset=utf-8'}}),
  },
  {
    id: 'content-type-text',
    title: 'refuses text/plain',
    section: 'csrf',
    expected: '415, no session',
    why: 'A page of another site can send text/plain without a preflight.',
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
];
