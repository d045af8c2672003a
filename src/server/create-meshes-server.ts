import {callHost} from './deadline.js';
import {explainValue} from './invalid-fields.js';
import {readListQuery} from './management-api.js';
import type {
  LaunchOptions,
  MeshesHandler,
  MeshesServer,
  RevokeOptions,
  SignOutOptions,
} from './meshes-server.js';
import {ownFields} from './own-fields.js';
import {readOptions} from './read-options.js';
import {createReporter} from './reporter.js';
import {checkIsRequest, checkRequest, embeddingOrigins} from './request-guard.js';
import {respond} from './respond.js';
import {MeshesServerError} from './server-error.js';
import {type MeshesServerOptions, readServerOptions} from './server-options.js';
import {
  type Authorization,
  canLaunch,
  LAUNCH_PAGES,
  type LaunchPage,
  parseAuthorization,
  readAuthorization,
  type SessionOptions,
} from './session-options.js';
import {readSessionRequest} from './session-request.js';
import {
  createConnector,
  createSession,
  endAllSessions,
  endSession,
  refreshSession,
  revokeSession,
} from './sessions.js';

/**
 * Creates a session endpoint for a backend. The credentials are not read before the first request.
 *
 * @throws MeshesServerError `options_invalid`
 */
export function createMeshesServer<Context = unknown>(
  options: MeshesServerOptions<Context>,
): MeshesServer<Context> {
  const settings = readServerOptions(options);
  const {defaults, allowedOrigins, maxSessionAge, timeout, now} = settings;
  const connect = createConnector(settings);
  const report = createReporter(settings.onError);

  async function authorize(request: Request, context: Context): Promise<Authorization> {
    const result = await callHost(
      'authorize_failed',
      timeout,
      () => settings.authorize({request, context}),
      cause => new MeshesServerError('authorize_failed', {cause}),
    );
    if (!result) throw new MeshesServerError('not_signed_in');
    return readAuthorization(result);
  }

  /** Combines the options of a session: `defaults` apply where authorize() omits an option, and the request where both omit it. */
  function sessionOf(
    authorization: Authorization,
    wish?: LaunchPage,
    parents: readonly string[] = [],
  ): Authorization {
    const session = ownFields({
      ...(parents.length > 0 && {allowedOrigins: parents}),
      ...withoutUndefined(defaults),
      ...withoutUndefined(authorization),
    });
    // The page that authorize() sets is final. The page that the browser asks for overrides a default only.
    const own = pageOf(authorization);
    const isWish = wish !== undefined && !own;
    if (isWish && !canLaunch(session, wish)) throw new MeshesServerError('launch_page_invalid');
    const {launchPage, launchPath} =
      own ?? (isWish ? {launchPage: wish, launchPath: undefined} : defaults);
    return parseAuthorization(
      {...session, launchPage, launchPath},
      {result: authorization, defaults},
    );
  }

  async function create(
    request: Request,
    authorization: Authorization,
    launchPage: LaunchPage | undefined,
  ) {
    const parents = embeddingOrigins(request, settings);
    const session = sessionOf(authorization, launchPage, parents);
    return createSession(await connect(), session, now());
  }

  async function answer(request: Request, context: Context) {
    checkRequest(request, settings);
    const {session_id, launch_page} = await readSessionRequest(request, timeout);
    const authorization = await authorize(request, context);
    if (session_id === undefined) return create(request, authorization, launch_page);
    const session = sessionOf(authorization);
    return refreshSession(await connect(), session, session_id, maxSessionAge, now());
  }

  async function signOut(request: Request, context: Context, given: SignOutOptions | undefined) {
    const place = 'The options of signOut()';
    const {all = false} = readOptions(given ?? {}, place, ['all']);
    if (typeof all !== 'boolean') {
      throw optionsInvalid(`${place}: ${explainValue('all', all, 'must be true or false')}`);
    }
    checkRequest(request, settings);
    const {session_id} = await readSessionRequest(request, timeout);
    if (session_id === undefined && !all) throw new MeshesServerError('session_id_invalid');
    const session = sessionOf(await authorize(request, context));
    const connection = await connect();
    if (all) await endAllSessions(connection, session, timeout);
    else if (session_id !== undefined) await endSession(connection, session, session_id);
    return undefined;
  }

  async function launch(context: Context, given: LaunchOptions) {
    const place = 'The options of launch()';
    const {request, launchPage} = readOptions(given, place, ['request', 'launchPage']);
    if (request === undefined) {
      throw optionsInvalid(`${place}: request is missing. Pass the Request of the page.`);
    }
    checkIsRequest(request);
    if (launchPage !== undefined && !LAUNCH_PAGES.includes(launchPage)) {
      throw new MeshesServerError('launch_page_invalid');
    }
    const authorization = await authorize(request, context);
    const {launch_url, session_id} = await create(request, authorization, launchPage);
    return {launch_url, session_id};
  }

  async function revoke(sessionId: unknown, given: RevokeOptions) {
    const place = 'The options of revoke()';
    const options = readOptions(given, place, ['userId']);
    // A user ID that is undefined by mistake must not disable the check.
    if ('userId' in options && typeof options.userId !== 'string') {
      throw optionsInvalid(
        `${place}: ${explainValue('userId', options.userId, 'must be a string')}`,
      );
    }
    if (typeof sessionId !== 'string') throw new MeshesServerError('session_id_invalid');
    await revokeSession(await connect(), sessionId, options.userId);
  }

  /** Wraps the functions that are not routes. They reject with the error that the handler would send. */
  async function reporting<Result>(
    work: () => Promise<Result>,
    // Callers in JavaScript can omit the options.
    options?: LaunchOptions,
  ): Promise<Result> {
    let request: Request | undefined;
    try {
      request = ownFields(options)?.request;
      return await work();
    } catch (error) {
      throw report(error, request);
    }
  }

  const respondTo = (request: Request, work: () => Promise<object | undefined>) =>
    respond(request, allowedOrigins, work, error => report(error, request));
  const handler: MeshesHandler<Context> = (request, ...[context]) =>
    respondTo(request, () => answer(request, context as Context));

  return {
    handler,
    mint: handler,
    refresh: handler,
    signOut: (request, ...[context, options]) =>
      respondTo(request, () => signOut(request, context as Context, options)),
    launch: (context, options) => reporting(() => launch(context, options), options),
    list: query =>
      reporting(async () => {
        const checked = readListQuery(query);
        const list = await (await connect()).api.list(checked);
        // The records get a prototype again, because host apps expect plain objects.
        return {...list, records: list.records.map(record => ({...record}))};
      }),
    revoke: (sessionId, options = {}) => reporting(() => revoke(sessionId, options)),
    machineToken: () => reporting(async () => (await connect()).machineToken()),
  };
}

type Page = Pick<SessionOptions, 'launchPage' | 'launchPath'>;

function pageOf({launchPage, launchPath}: Page): Page | undefined {
  const isSet = launchPage !== undefined || launchPath !== undefined;
  return isSet ? {launchPage, launchPath} : undefined;
}

/** A key with the value undefined would hide the default. */
function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Partial<T>;
}

function optionsInvalid(detail: string): MeshesServerError {
  return new MeshesServerError('options_invalid', {detail});
}
