import type {Reply} from '../exchange.js';
import {NotCheckable, failed, type Outcome, passed} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {withSetCookies} from '../csrf.js';
import {describe, fieldsOf, isJson, isSuccess} from '../reply.js';

const PARALLEL = 4;

const answers = (reply: Reply) =>
  reply.kind === 'answer' &&
  isSuccess(reply) &&
  isJson(reply) &&
  typeof fieldsOf(reply).access_token === 'string';

async function checkAnswer({sessions}: Context): Promise<Outcome> {
  const reply = await sessions.refreshed();
  return answers(reply) ? passed(describe(reply)) : failed(describe(reply));
}

async function checkId({sessions}: Context): Promise<Outcome> {
  const {id} = await sessions.of();
  const {session_id} = await sessions.refresh();
  if (session_id === undefined) return failed('no session_id');
  return session_id === id ? passed('the same session_id') : failed('another session_id');
}

async function checkAgain({endpoint, sessions}: Context): Promise<Outcome> {
  const {id} = await sessions.of();
  await sessions.refresh();
  const reply = await endpoint.post({session_id: id});
  return answers(reply) ? passed(describe(reply)) : failed(describe(reply));
}

/** Checks that a refresh needs no cookie that the endpoint itself has set: browsers can refuse it. */
async function checkCookies({endpoint, sessions}: Context): Promise<Outcome> {
  const {id, answer} = await sessions.of();
  if (answers(await sessions.refreshed())) {
    return passed('a refresh without the cookies of earlier responses');
  }
  const cookies = withSetCookies(new Map<string, string>(), answer);
  if (cookies.size === 0) throw new NotCheckable('The refresh failed: see refresh-answers.');
  const reply = await endpoint.post({session_id: id}, {cookies});
  if (!answers(reply)) throw new NotCheckable('The refresh failed: see refresh-answers.');
  return failed('a refresh works only with a cookie that the first response has set');
}

async function checkParallel({endpoint, sessions}: Context): Promise<Outcome> {
  const {id} = await sessions.of();
  await sessions.refresh();
  const replies = await Promise.all(
    Array.from({length: PARALLEL}, () => endpoint.post({session_id: id})),
  );
  const bad = replies.find(reply => !answers(reply));
  if (bad) return failed(`one of ${PARALLEL}: ${describe(bad)}`);
  const isSame = replies.every(reply => (fieldsOf(reply).session_id ?? id) === id);
  return isSame ? passed(`${PARALLEL} tokens`) : failed('a token of another session');
}

export const REFRESH_PROBES: readonly Probe[] = [
  {
    id: 'refresh-answers',
    title: 'refreshes the token of a session',
    section: 'answer',
    expected: 'a 2xx status and a JSON object with access_token',
    why: 'Otherwise, the workspace ends when its first token expires, after 30 minutes by default.',
    run: checkAnswer,
  },
  {
    id: 'refresh-keeps-id',
    title: 'keeps the session_id at a refresh',
    section: 'answer',
    expected: 'the session_id of the request in the response',
    why: 'Otherwise, the element fails with session_mismatch, or cannot detect a token of another user.',
    run: checkId,
  },
  {
    id: 'refresh-new-token',
    title: 'returns another token at a refresh',
    section: 'answer',
    expected: 'an access_token that differs from the earlier one',
    why: 'The earlier token expires at its original time, and the workspace with it.',
    run: async ({sessions}) => {
      const {fields} = await sessions.of();
      const {access_token} = await sessions.refresh();
      return access_token === fields.access_token
        ? failed('the same token')
        : passed('another token');
    },
  },
  {
    id: 'refresh-without-launch-url',
    title: 'returns no launch URL at a refresh',
    section: 'answer',
    expected: 'no launch_url',
    why: 'A launch URL is a credential. A refresh does not need it, so it could only leak.',
    run: async ({sessions}) =>
      'launch_url' in (await sessions.refresh()) ? failed('a launch_url') : passed('no launch_url'),
  },
  {
    id: 'refresh-again',
    title: 'refreshes the same session again',
    section: 'handle',
    expected: 'a second token for the same session_id',
    why: 'A page that stays open refreshes many times.',
    run: checkAgain,
  },
  {
    id: 'refresh-parallel',
    title: 'answers parallel refreshes',
    section: 'handle',
    expected: `${PARALLEL} tokens for ${PARALLEL} requests at the same time`,
    why: 'A page can have several workspaces, and a user several tabs.',
    run: checkParallel,
  },
  {
    id: 'cookie-alone',
    title: 'needs no cookie that it has set itself',
    section: 'handle',
    expected: 'a refresh that works with the cookies of the page only',
    why: 'The session_id identifies the session. A cookie is shared by all tabs, so it can hold only one.',
    run: checkCookies,
  },
];
