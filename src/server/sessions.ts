import {readCredentials, machineTokenOf} from './credentials.js';
import {toServerError} from './error-summary.js';
import {digestOfGrant} from './grant.js';
import {withDeadline} from './deadline.js';
import {createKeyring, type Keys} from './keys.js';
import {createManagementApi, type ManagementApi} from './management-api.js';
import {MeshesServerError} from './server-error.js';
import type {ServerSettings} from './server-options.js';
import {type SessionHandle, signHandle, verifyHandle} from './session-handle.js';
import {type Authorization, toSessionRequest} from './session-options.js';

/** The credentials of one request, and the functions that use them. */
export interface Connection {
  keys: Keys;
  api: ManagementApi;
  machineToken: () => Promise<string>;
}

/** Returns a function that reads the credentials once for each request: a request must not see a rotation. */
export function createConnector(
  settings: Omit<ServerSettings<unknown>, 'authorize'>,
): () => Promise<Connection> {
  const {credentials, baseUrl, fetch, timeout, now} = settings;
  const keysOf = createKeyring();
  return async () => {
    const given = await readCredentials(credentials, timeout);
    const keys = await keysOf(given);
    const machineToken = () => machineTokenOf(given, keys, now());
    const api = createManagementApi({machineToken, baseUrl, fetch, timeout, now});
    return {keys, api, machineToken};
  };
}

export async function createSession({keys, api}: Connection, session: Authorization, now: number) {
  const created = await api.create(toSessionRequest(session));
  const embedOrigin = new URL(created.launch_url).origin;
  const handle: SessionHandle = {
    userId: session.userId,
    workspaceId: session.workspaceId,
    sessionId: created.session_id,
    embedOrigin,
    grant: await digestOfGrant(session),
    issuedAt: Math.floor(now / 1000),
  };
  return {...created, session_id: await signHandle(handle, keys), embed_origin: embedOrigin};
}

/** @param maxAge seconds */
export async function refreshSession(
  {keys, api}: Connection,
  session: Authorization,
  sessionId: string,
  maxAge: number,
  now: number,
) {
  const handle = await verifyOwnHandle(sessionId, keys, session);
  // The rights of a session do not change. A refresh must not preserve a right that the user has lost.
  if (handle.grant !== (await digestOfGrant(session))) throw new MeshesServerError('grant_changed');
  if (now / 1000 >= handle.issuedAt + maxAge) throw new MeshesServerError('session_expired');
  return {
    ...(await api.refresh(handle.sessionId)),
    session_id: sessionId,
    embed_origin: handle.embedOrigin,
  };
}

/** Ends the session of a handle, whatever its age and its rights. */
export async function endSession(
  {keys, api}: Connection,
  session: Authorization,
  sessionId: string,
): Promise<void> {
  await endIfActive(api, (await verifyOwnHandle(sessionId, keys, session)).sessionId);
}

const PAGE_SIZE = 200;
const MAX_PAGES = 50;
const CONCURRENT_CALLS = 10;
/** The time limit for all calls together, as a multiple of the time limit for one call. */
const TOTAL_TIMEOUTS = 4;

/**
 * Ends every active session of a user in a workspace.
 *
 * @param timeout milliseconds for one call
 * @throws MeshesServerError after all sessions have been tried, if one of them could not be ended
 */
export async function endAllSessions(
  {api}: Connection,
  {userId, workspaceId}: Authorization,
  timeout: number,
): Promise<void> {
  const expired = () => new MeshesServerError('meshes_timeout');
  await withDeadline(TOTAL_TIMEOUTS * timeout, expired, async signal => {
    const {ids, problem} = await activeSessionsOf(api, userId, workspaceId, signal);
    const results: PromiseSettledResult<void>[] = [];
    for (let start = 0; start < ids.length; start += CONCURRENT_CALLS) {
      signal.throwIfAborted();
      const batch = ids.slice(start, start + CONCURRENT_CALLS).map(id => endIfActive(api, id));
      results.push(...(await Promise.allSettled(batch)));
    }
    const failed = results.find(({status}) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    if (problem !== undefined) {
      throw new MeshesServerError('meshes_bad_response', {
        detail: `The list of sessions ${problem}.`,
      });
    }
  });
}

/**
 * Reads all pages of the list before any session is ended, because ending one could shift the next page.
 *
 * @returns the IDs, and a problem if the list does not end
 */
async function activeSessionsOf(
  api: ManagementApi,
  userId: string,
  workspaceId: string,
  signal: AbortSignal,
): Promise<{ids: string[]; problem?: string}> {
  const ids = new Set<string>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    signal.throwIfAborted();
    const list = await api.list({workspaceId, status: 'active', limit: PAGE_SIZE, cursor});
    // Meshes publishes no filter by user.
    for (const {session_id, external_user_id} of list.records) {
      if (external_user_id === userId) ids.add(session_id);
    }
    if (!list.next_cursor) return {ids: [...ids]};
    cursor = list.next_cursor;
    if (cursors.has(cursor)) return {ids: [...ids], problem: 'repeats a next_cursor'};
    cursors.add(cursor);
  }
  return {ids: [...ids], problem: `has more than ${MAX_PAGES * PAGE_SIZE} records`};
}

/** Ends any session, for administrators. The ID is a handle, or the session ID of Meshes. */
export async function revokeSession(
  {keys, api}: Connection,
  sessionId: string,
  userId: string | undefined,
): Promise<void> {
  const isHandle = sessionId.includes('.');
  if (!isHandle && userId !== undefined) {
    throw new MeshesServerError('options_invalid', {
      detail:
        'revoke() can check userId for a session_id of this endpoint only. For the session ID of Meshes, compare external_user_id in the result of list().',
    });
  }
  if (!isHandle) return api.revoke(sessionId);
  const handle = await verifyHandle(sessionId, keys);
  if (userId !== undefined && handle.userId !== userId) {
    throw new MeshesServerError('handle_of_another_user');
  }
  await api.revoke(handle.sessionId);
}

/** @param id a session ID that Meshes returned */
async function endIfActive(api: ManagementApi, id: string): Promise<void> {
  try {
    await api.revoke(id);
  } catch (error) {
    const {code} = toServerError('internal_error', error);
    if (code === 'session_expired') return;
    // The ID came from Meshes, and not from the browser.
    if (code === 'session_id_invalid') {
      throw new MeshesServerError('meshes_bad_response', {detail: 'Check session_id.'});
    }
    throw error;
  }
}

async function verifyOwnHandle(
  sessionId: string,
  keys: Keys,
  {userId, workspaceId}: Authorization,
): Promise<SessionHandle> {
  const handle = await verifyHandle(sessionId, keys);
  if (handle.userId !== userId) throw new MeshesServerError('handle_of_another_user');
  if (handle.workspaceId !== workspaceId) {
    throw new MeshesServerError('handle_of_another_workspace');
  }
  return handle;
}
