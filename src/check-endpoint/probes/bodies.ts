import {FOREIGN_ORIGIN} from '../endpoint.js';
import {contentsOf} from '../handle.js';
import {failed, outcomeOfRefusal, type Outcome, passed, unknown} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {describe, type Fields, fieldsOf, isSuccess} from '../reply.js';
import {checkRefused} from './requests.js';

const padded = (bytes: number) => JSON.stringify({padding: 'x'.repeat(bytes)});

/** Fields of `POST /sessions` of Meshes, with values that the user of the check does not have. */
const FORBIDDEN_FIELDS = {
  external_user_id: 'check-endpoint-canary',
  workspace_id: '00000000-0000-4000-8000-000000000000',
  role: 'owner',
  scopes: ['events.payload:read'],
  allowed_origins: [FOREIGN_ORIGIN],
  ttl_seconds: 3600,
};

/** Returns the readable values of the session_id and the token, by their place. */
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
    return unknown('Neither session_id nor access_token is readable, so the user is unknown.');
  }
  const different = stable.find(([key, value]) => changed.get(key) !== value);
  return different
    ? failed(`the fields change ${different[0].split(' ')[0]}`)
    : passed('the same session as without the fields');
}

async function checkDeep({endpoint, sessions}: Context): Promise<Outcome> {
  await sessions.of();
  const reply = await endpoint.post(`{"a":${'['.repeat(7000)}${']'.repeat(7000)}}`);
  return isSuccess(reply) ? passed(describe(reply)) : outcomeOfRefusal(reply);
}

/** Sends a huge body. The server may close the connection before it has received all of it. */
async function checkHuge({endpoint, sessions}: Context): Promise<Outcome> {
  await sessions.of();
  const reply = await endpoint.post(padded(2_000_000));
  return reply.kind === 'none' && reply.reason === 'closed'
    ? passed(describe(reply))
    : outcomeOfRefusal(reply);
}

export const BODY_PROBES: readonly Probe[] = [
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
    why: 'A 5xx status means an error of your backend: the element retries, and monitoring reports it.',
    run: context =>
      checkRefused(
        context,
        ['{', '[]', 'null', '7', '"text"'].map(body => ({name: `the body ${body}`, body})),
      ),
  },
  {
    id: 'body-deep',
    title: 'accepts or refuses deeply nested JSON',
    section: 'situations',
    expected: '400, or a session',
    why: 'Some parsers crash on deeply nested JSON.',
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
    why: 'Otherwise, Meshes refuses it, and the element receives an error of your backend.',
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
