import type {Context, MiddlewareHandler} from 'hono';
import {createControl} from './control.js';
import {createControlApi} from './control-api.js';
import {demoCredentials} from './credentials.js';
import {createEmbedApp} from './embed-app.js';
import {buildEmbedAssets} from './embed-assets.js';
import type {Emulator, EmulatorOptions} from './emulator-types.js';
import {createEventsApi} from './events-api.js';
import {listen} from './listen.js';
import {createManagementApi} from './management-api.js';
import type {Subject} from './model/faults.js';
import {subjectOf} from './model/sessions.js';
import {readOptions} from './read-options.js';
import {createServerApp, type Env} from './server-app.js';
import {createState, type EmulatorModel} from './state.js';
import {openStateFile, type StateFile} from './state-file.js';
import {bearerToken} from './validate.js';

/**
 * Starts an emulator of Meshes: the management API, the events API, and the embed app. The state is kept in memory, and in
 * `stateFile` if it is set.
 *
 * @throws TypeError that names the option, if an option is invalid or a port is in use
 */
export const createEmulator = async (options: EmulatorOptions = {}): Promise<Emulator> => {
  const {port, embedPort, host, embedUrl: publicEmbedUrl, stateFile, clock} = readOptions(options);
  const model = createState(clock);
  const file = stateFile === undefined ? undefined : await openStateFile(stateFile, model);
  const assets = await buildEmbedAssets();

  const embed = createServerApp(model, c => identifyEmbed(c, model));
  embed.use('*', savingTo(file));
  embed.route('/', createEmbedApp(model, assets));
  const embedServer = await listen(embed.fetch, embedPort, host, 'embedPort');

  const embedUrl = publicEmbedUrl ?? originOf(host, embedServer.port);
  const control = createControl(model);
  const api = createServerApp(
    model,
    c => identifyApi(c, model),
    new Set(['/api/v1/events', '/api/v1/events/bulk']),
  );
  api.use('*', savingTo(file));
  api.route('/__emulator', createControlApi(control));
  // Before the management API, which would refuse a publishable key.
  api.route('/api/v1', createEventsApi(model));
  api.route('/api/v1', createManagementApi(model, embedUrl));
  api.get('/favicon.ico', c => c.body(null, 204));
  const apiServer = await listen(api.fetch, port, host, 'port').catch(async (error: unknown) => {
    await embedServer.close();
    throw error;
  });

  return {
    apiUrl: `${originOf(host, apiServer.port)}/api/v1`,
    embedUrl,
    credentials: demoCredentials,
    control,
    close: async () => {
      await Promise.all([apiServer.close(), embedServer.close()]);
      await file?.close();
    },
  };
};

/** Saves the state after each request that may have changed it, including the launch document, which uses its token. */
const savingTo =
  (file: StateFile | undefined): MiddlewareHandler<Env> =>
  async (c, next) => {
    await next();
    const isRead = ['GET', 'HEAD', 'OPTIONS'].includes(c.req.method);
    if (!isRead || c.req.query('launch') !== undefined) file?.save();
  };

/** Returns an origin for clients on this machine. For a wildcard address, it is loopback. */
const originOf = (host: string, port: number): string => {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

const identifyApi = async (c: Context<Env>, model: EmulatorModel): Promise<Subject> => {
  const {path} = c.req;
  if (path === '/api/v1/sessions' && c.req.method === 'POST') {
    const body = (await c.req.json().catch(() => null)) as Record<string, unknown> | null;
    return {
      externalUserId: stringOf(body?.external_user_id),
      workspaceId: stringOf(body?.workspace_id),
    };
  }
  const sessionId = /^\/api\/v1\/sessions\/([^/]+)/.exec(path)?.[1];
  const session = sessionId === undefined ? undefined : model.sessions.find(sessionId);
  if (session) return subjectOf(session);
  const key = c.req.header('x-meshes-publishable-key') ?? '';
  return {sessionId, workspaceId: model.workspaces.workspaceOfKey(key)?.id};
};

const identifyEmbed = async (c: Context<Env>, model: EmulatorModel): Promise<Subject> => {
  const launch = c.req.query('launch');
  const session =
    launch === undefined
      ? await model.sessions.inspect(bearerToken(c)).then(
          ({session: found}) => found,
          () => undefined,
        )
      : model.sessions.peekLaunch(launch);
  return session ? subjectOf(session) : {};
};

const stringOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
