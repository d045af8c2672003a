import {FOREIGN_ORIGIN, type RequestChange} from '../endpoint.js';
import type {Reply} from '../exchange.js';
import {failed, NotCheckable, type Outcome, passed} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {codeOf, describe, isSuccess} from '../reply.js';

function signOut(
  {endpoint}: Context,
  session_id: string,
  change: RequestChange = {},
): Promise<Reply> {
  return endpoint.post({session_id}, {...change, url: endpoint.settings.signOut});
}

/** Whether the session of the check still exists. */
async function lives({endpoint, sessions}: Context): Promise<boolean> {
  const {id} = await sessions.of();
  return isSuccess(await endpoint.post({session_id: id}));
}

/** Returns the ID of a session that exists. @throws NotCheckable without a route, or without a session */
async function livingSession(context: Context): Promise<string> {
  if (!context.endpoint.settings.signOut) {
    throw new NotCheckable('Requires the URL of the sign-out route. Pass --sign-out.');
  }
  const {id} = await context.sessions.of();
  await context.sessions.refresh();
  if (await lives(context)) return id;
  throw new NotCheckable('The session of the check ended too early.');
}

/** Checks only whether the session exists: a page may have the same URL, and a GET that redirects is harmless. */
async function checkForeign(context: Context): Promise<Outcome> {
  const id = await livingSession(context);
  const requests: [name: string, change: RequestChange][] = [
    ['a foreign Origin', {headers: {origin: FOREIGN_ORIGIN, 'sec-fetch-site': 'cross-site'}}],
    ['text/plain', {headers: {'content-type': 'text/plain'}}],
    ['GET', {method: 'GET'}],
    ['a signed-out user', {user: 'nobody'}],
  ];
  for (const [name, change] of requests) {
    const reply = await signOut(context, id, change);
    if (!(await lives(context)))
      return failed(`${name}: ${describe(reply)}, the session has ended`);
  }
  return passed('the session still exists');
}

async function checkOtherUser(context: Context): Promise<Outcome> {
  const id = await livingSession(context);
  await context.sessions.of('other');
  const reply = await signOut(context, id, {user: 'other'});
  // A route that ends the sessions of the requesting user succeeds, and does not end this session.
  return (await lives(context))
    ? passed(`${describe(reply)}, and the session still exists`)
    : failed(`${describe(reply)}, and the session has ended`);
}

async function checkSignOut(context: Context): Promise<Outcome> {
  const id = await livingSession(context);
  const reply = await signOut(context, id);
  if (!isSuccess(reply)) return failed(describe(reply));
  const refresh = await context.endpoint.post({session_id: id});
  const isOver =
    refresh.kind === 'answer' &&
    (refresh.status === 410 || refresh.status === 404 || codeOf(refresh) === 'session_expired');
  const seen = `${describe(reply)}; then a refresh: ${describe(refresh)}`;
  return isOver ? passed(seen) : failed(seen);
}

export const SIGN_OUT_PROBES: readonly Probe[] = [
  {
    id: 'sign-out-foreign',
    title: 'lets only pages of the site end a session',
    section: 'signOut',
    expected: 'the session exists after a foreign Origin, text/plain, GET, and a signed-out user',
    why: 'Any site could end the sessions of your users.',
    run: checkForeign,
  },
  {
    id: 'sign-out-other-user',
    title: 'does not end the session of another user',
    section: 'signOut',
    expected: 'the session still exists after another user has named it',
    why: 'Anybody could end the sessions of your users.',
    run: checkOtherUser,
  },
  {
    id: 'sign-out',
    title: 'ends the session at sign-out',
    section: 'signOut',
    expected: '204; then 410, session_expired, for a refresh',
    why: 'Otherwise, the session and its last token remain valid after the sign-out.',
    run: checkSignOut,
  },
];
