import type {Context} from 'hono';
import {listen} from '../listen.js';
import {createControlApi} from './control-api.js';
import {createEmbedApp} from './embed-app.js';
import {buildEmbedAssets} from './embed-assets.js';
import {createEventsApi} from './events-api.js';
import {createManagementApi} from './management-api.js';
import type {Subject} from './model/faults.js';
import {subjectOf} from './model/sessions.js';
import {createServerApp, type Env} from './server-app.js';
import {createState, type EmulatorState} from './state.js';
import {bearerToken} from './validate.js';

export {demoCredentials, secondWorkspace} from './credentials.js';

export interface EmulatorOptions {
  /** Management, events and control API; 0 takes a free port. Default 4602. */
  readonly apiPort?: number;
  /** The embed app; 0 takes a free port. Default 4601. */
  readonly embedPort?: number;
  /** The address both servers listen on. Default 127.0.0.1. */
  readonly apiHost?: string;
  /** The origin that launch URLs begin with, where it is not the embed server's own address. */
  readonly embedOrigin?: string;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

export interface Emulator {
  readonly apiOrigin: string;
  readonly embedOrigin: string;
  /** Stops both servers and cuts what is still open. */
  close(): Promise<void>;
}

/** Starts a working Meshes in small. Rejects with a clear message where a port is taken. */
export const startEmulator = async (options: EmulatorOptions = {}): Promise<Emulator> => {
  const {apiPort = 4602, embedPort = 4601, apiHost = '127.0.0.1'} = options;
  const state = createState(options.clock);
  const assets = await buildEmbedAssets();

  const embed = createServerApp(state, c => identifyEmbed(c, state));
  embed.route('/', createEmbedApp(state, assets));
  const embedServer = await listen(embed.fetch, embedPort, apiHost, 'EMBED_PORT');

  const embedOrigin = options.embedOrigin ?? embedServer.origin;
  const api = createServerApp(
    state,
    c => identifyApi(c, state),
    new Set(['/api/v1/events', '/api/v1/events/bulk']),
  );
  api.route('/__emulator', createControlApi(state));
  // Before the management API, whose guard would ask a publishable key for a machine JWT.
  api.route('/api/v1', createEventsApi(state));
  api.route('/api/v1', createManagementApi(state, embedOrigin));
  api.get('/favicon.ico', c => c.body(null, 204));
  const apiServer = await listen(api.fetch, apiPort, apiHost, 'API_PORT').catch(
    async (error: unknown) => {
      await embedServer.close();
      throw error;
    },
  );

  return {
    apiOrigin: apiServer.origin,
    embedOrigin,
    close: async () => {
      await Promise.all([apiServer.close(), embedServer.close()]);
    },
  };
};

const identifyApi = async (c: Context<Env>, state: EmulatorState): Promise<Subject> => {
  const {path} = c.req;
  if (path === '/api/v1/sessions' && c.req.method === 'POST') {
    const body = (await c.req.json().catch(() => null)) as Record<string, unknown> | null;
    return {
      externalUserId: stringOf(body?.external_user_id),
      workspaceId: stringOf(body?.workspace_id),
    };
  }
  const sessionId = /^\/api\/v1\/sessions\/([^/]+)/.exec(path)?.[1];
  const session = sessionId === undefined ? undefined : state.sessions.find(sessionId);
  if (session) return subjectOf(session);
  const key = c.req.header('x-meshes-publishable-key') ?? '';
  return {sessionId, workspaceId: state.workspaces.workspaceOfKey(key)?.id};
};

const identifyEmbed = async (c: Context<Env>, state: EmulatorState): Promise<Subject> => {
  const launch = c.req.query('launch');
  const session =
    launch === undefined
      ? await state.sessions.inspect(bearerToken(c)).then(
          ({session: found}) => found,
          () => undefined,
        )
      : state.sessions.peekLaunch(launch);
  return session ? subjectOf(session) : {};
};

const stringOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
