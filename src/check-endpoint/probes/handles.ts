import {csrfLayerOf} from '../csrf.js';
import type {User} from '../endpoint.js';
import {holdsTime, meshesIdsIn, tamper, unsign} from '../handle.js';
import {
  failed,
  outcomeOfRefusal,
  type Outcome,
  passed,
  unknown,
  warning,
  worst,
} from '../outcome.js';
import type {Context, Probe} from '../probe.js';
import {codeOf, describe, holdsSession, isJson, isSuccess} from '../reply.js';

/** Refreshes sessions that must not be refreshed. The element expects 403. */
async function checkRefused(
  {endpoint, sessions}: Context,
  ids: readonly (readonly [name: string, id: string])[],
  user: User = 'user',
): Promise<Outcome> {
  // A refusal shows something only if the correct session_id is accepted.
  await sessions.refresh();
  const outcomes = [];
  for (const [name, session_id] of ids) {
    outcomes.push({name, ...outcomeOfRefusal(await endpoint.post({session_id}, {user}), [403])});
  }
  return worst(outcomes);
}

const numbered = (ids: readonly string[], name: string) =>
  ids.map((id, index) => [`${name} ${index + 1} of ${ids.length}`, id] as const);

/** IDs of Meshes that the user can read. */
async function readableIds({sessions}: Context): Promise<string[]> {
  const {id, fields} = await sessions.of();
  const texts = [fields.session_id, fields.access_token, fields.launch_url].map(String);
  return meshesIdsIn(texts).filter(other => other !== id);
}

async function checkRaw(context: Context): Promise<Outcome> {
  const {id} = await context.sessions.of();
  const ids = await readableIds(context);
  if (ids.length > 0) return checkRefused(context, numbered(ids, 'ID'));
  return /^sess_/.test(id)
    ? unknown('The session_id itself looks like an ID of Meshes: see session-id.')
    : unknown('The session ID of Meshes cannot be read in the responses, so it was not tried.');
}

async function checkOtherUser(context: Context): Promise<Outcome> {
  const {id} = await context.sessions.of();
  const other = await context.sessions.of('other');
  const outcome = await checkRefused(context, [['the session of --cookie', id]], 'other');
  if (outcome.status !== 'failed') return outcome;
  const isSame = other.id === id;
  return failed(
    isSame
      ? 'both users get the same session'
      : `${outcome.seen} (or do both cookies belong to one user?)`,
  );
}

async function checkOld({endpoint, sessions, now}: Context): Promise<Outcome> {
  const {id} = await sessions.of();
  await sessions.refresh();
  const {oldSessionId} = endpoint.settings;
  if (oldSessionId === undefined) {
    return holdsTime(id, now()) === false
      ? warning('the session_id contains no time. To test it, pass --old-session-id.')
      : unknown('Requires a session_id that is older than 12 hours. Pass --old-session-id.');
  }
  const reply = await endpoint.post({session_id: oldSessionId});
  if (isSuccess(reply) || reply.kind === 'none') return failed(describe(reply));
  if (reply.status === 410 || codeOf(reply) === 'session_expired') return passed(describe(reply));
  return reply.status === 403
    ? unknown(
        `${describe(reply)}: refused, but not because of its age. Does the session belong to this user?`,
      )
    : outcomeOfRefusal(reply, [410]);
}

async function checkChanged({endpoint, sessions}: Context): Promise<Outcome> {
  await sessions.refresh();
  const {changedSessionId} = endpoint.settings;
  if (changedSessionId === undefined) {
    return unknown(
      'Requires a session from before a change of the role. Pass --changed-session-id.',
    );
  }
  const reply = await endpoint.post({session_id: changedSessionId});
  const outcome = outcomeOfRefusal(reply, [403]);
  if (outcome.status !== 'passed' || codeOf(reply) === 'grant_changed') return outcome;
  return unknown(
    `${outcome.seen}: refused, but not because of the rights. Does the session belong to this user?`,
  );
}

async function checkSignedOut({endpoint}: Context, body: object): Promise<Outcome> {
  const reply = await endpoint.post(body, {user: 'nobody'});
  if (reply.kind === 'none' || holdsSession(reply)) return failed(describe(reply));
  const layer = reply.status === 401 ? undefined : csrfLayerOf(reply);
  if (layer) return warning(`${describe(reply)}: the CSRF layer of ${layer.name} answered first`);
  const isRight = reply.status === 401 || codeOf(reply) === 'endpoint_unauthorized';
  return isRight && isJson(reply) ? passed(describe(reply)) : failed(describe(reply));
}

export const HANDLE_PROBES: readonly Probe[] = [
  {
    id: 'signed-out',
    title: 'answers 401 to a signed-out user',
    section: 'situations',
    expected: '401, JSON; no redirect to a login page',
    why: 'The element recognizes a signed-out user by 401 only.',
    run: context => checkSignedOut(context, {}),
  },
  {
    id: 'signed-out-refresh',
    title: 'answers 401 to a refresh of a signed-out user',
    section: 'situations',
    expected: '401, JSON, no token',
    why: 'Otherwise, anybody who has read a session_id can get tokens after a sign-out.',
    run: async context => {
      const {id} = await context.sessions.of();
      await context.sessions.refresh();
      return checkSignedOut(context, {session_id: id});
    },
  },
  {
    id: 'session-id',
    title: 'does not use the session ID of Meshes as session_id',
    section: 'handle',
    expected: 'a signed text, or a key of your session store',
    why: 'The session ID of Meshes does not identify the user, so any user could refresh it.',
    run: async ({sessions}) =>
      /^sess_/.test((await sessions.of()).id)
        ? warning('a text that starts with sess_. This is safe only if a store has its user.')
        : passed('another text'),
  },
  {
    id: 'session-id-tampered',
    title: 'refuses a session_id that was changed',
    section: 'handle',
    expected: '403, no token',
    why: 'A user could write another user or session into it.',
    run: async context => {
      const {id} = await context.sessions.of();
      return checkRefused(context, numbered(tamper(id), 'change'));
    },
  },
  {
    id: 'session-id-unsigned',
    title: 'refuses a session_id without a valid signature',
    section: 'handle',
    expected: '403, no token',
    why: 'A user could write another user or session into it.',
    run: async context => {
      const {id} = await context.sessions.of();
      return checkRefused(context, numbered(unsign(id), 'form'));
    },
  },
  {
    id: 'session-id-raw',
    title: 'refuses the session ID of Meshes',
    section: 'handle',
    expected: '403, no token',
    why: 'The session ID of Meshes is not secret. With it, a user could get tokens of other users.',
    run: checkRaw,
  },
  {
    id: 'session-id-foreign',
    title: 'refuses a session_id that it did not issue',
    section: 'handle',
    expected: '403, no token',
    why: 'It could lead to the session of another user, or to another address of Meshes.',
    run: context =>
      checkRefused(
        context,
        ['sess_0001', 'x', '..', '../../sessions', 'null', 'é.é', 'a.b.c'].map(
          id => [`session_id ${JSON.stringify(id)}`, id] as const,
        ),
      ),
  },
  {
    id: 'other-user',
    title: 'refuses the session of another user',
    section: 'handle',
    expected: '403, no token',
    why: 'Any signed-in user could get tokens of other users, with their roles.',
    run: checkOtherUser,
  },
  {
    id: 'session-id-old',
    title: 'refuses a session that is older than 12 hours',
    section: 'handle',
    expected: '410, session_expired',
    why: 'Otherwise, anybody who has read a session_id can get tokens forever.',
    run: checkOld,
  },
  {
    id: 'rights-changed',
    title: 'refuses a session whose rights differ from those of the user',
    section: 'rights',
    expected: '403, grant_changed',
    why: 'The rights of a session do not change. A user who lost a right would keep it.',
    run: checkChanged,
  },
];
