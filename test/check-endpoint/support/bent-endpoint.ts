/**
 * A small session endpoint on `node:http` that keeps every rule of docs/backend-http.md, apart from those that a test bends. It
 * shares no code with `meshes-workspace/server`, so the check is not tested with the code that it was written beside.
 */
import {createHmac} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {SignJWT} from 'jose';
import {credentials, workspaceId} from '../../server/support/site.js';

/** Rules that can be bent; each name says what the bent endpoint does. */
export const BENDS = [
  'signed-out: 500',
  'signed-out: 401 in HTML',
  'signed-out: 302 to a login page',
  'signed-out: 200 with a login page',
  'signed-out: a session',
  'signed-out: a refresh',
  'signed-out: a CSRF layer answers first',
  'handle: no age',
  'handle: no time',
  'handle: no user',
  'handle: no rights',
  'handle: no signature',
  'handle: ten characters of the signature',
  'handle: the raw ID is accepted',
  'handle: the raw ID is the session_id',
  'handle: an unknown one starts a session',
  'handle: an unknown one is a 500',
  'handle: an unknown one is a 400',
  'no-store: missing',
  'no-store: missing in refusals',
  'cors: *',
  'cors: any origin',
  'cors: any origin in a preflight',
  'cors: null',
  'origin: any',
  'origin: a prefix is enough',
  'origin: null',
  'origin: none',
  'origin: not without Sec-Fetch-Site',
  'origin: X-Forwarded-Host',
  'site: cross-site',
  'site: same-site',
  'site: none',
  'site: not looked at',
  'type: text/plain',
  'type: forms',
  'type: no charset',
  'method: GET',
  'method: PUT',
  'method: a page for GET',
  'body: 20 kB',
  'body: 20 kB is a 500',
  'body: 2 MB',
  'body: malformed is a 500',
  'body: an array',
  'body: deep is a 500',
  'body: slow is a session',
  'body: external_user_id',
  'body: role',
  'body: launch_page unchecked',
  'body: session_id unchecked',
  'created: a redirect to the slash',
  'created: text/html',
  'created: no session_id',
  'created: an empty access_token',
  'created: more than 64 KiB',
  'created: a CSRF layer answers first',
  'created: no answer',
  'created: cached',
  'created: another launch page',
  'created: a launch page is a 500',
  'created: own cookie needed',
  'lifetime: none',
  'lifetime: a text',
  'lifetime: no date',
  'lifetime: the past',
  'lifetime: a number in a text',
  'lifetime: a space for the T',
  'lifetime: seconds since the epoch',
  'lifetime: none at a refresh',
  'embed_origin: none at a refresh',
  'embed_origin: another one',
  'launch_url: http',
  'launch_url: another origin',
  'launch_url: the own origin',
  'launch_url: a user name',
  'launch_url: a script',
  'leak: launch_token',
  'leak: machine JWT in a header',
  'leak: access key',
  'leak: the cookie in a refusal',
  'leak: the text of Meshes',
  'problem: application/json',
  'problem: no code',
  'problem: another status',
  'problem: retryable',
  'problem: no retryable',
  'refresh: 500',
  'refresh: another session_id',
  'refresh: no session_id',
  'refresh: the same token',
  'refresh: a launch_url',
  'refresh: once only',
  'refresh: not in parallel',
  '429: no Retry-After',
  '429: Retry-After in words',
  '429: final',
  'sign-out: any origin',
  'sign-out: any user',
  'sign-out: no effect',
  'sign-out: 500',
] as const;

export type Bend = (typeof BENDS)[number];

export interface BentEndpoint {
  origin: string;
  /** A session_id that this endpoint could have issued. */
  handle: (fields: Partial<HandleFields>) => Promise<string>;
  close: () => Promise<void>;
}

export interface HandleFields {
  user: string;
  rights: string;
  issued?: number | undefined;
  session: string;
  embed: string;
}

type Fields = Record<string, unknown>;

class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: {headers?: Record<string, string>; fields?: Fields};

  constructor(status: number, code: string, extra: Problem['extra'] = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

const MAX_AGE_S = 12 * 3600;
/** Accepted refreshes until the rate is limited once. */
const RATE = 25;
const BODY_TIMEOUT_MS = 150;
const KEY = 'key of the handles';
const RIGHTS = 'member';
const TYPES_OF_FORMS = /^(application\/x-www-form-urlencoded|multipart\/form-data)$/;
const DJANGO = '<h1>Forbidden</h1><p>CSRF verification failed. Request aborted.</p>';

/** @param csrf the value of a CSRF token that a layer before the endpoint asks for */
export async function startBentEndpoint(
  apiUrl: string,
  bends: readonly Bend[] = [],
  csrf?: string,
): Promise<BentEndpoint> {
  const bent = (bend: Bend) => bends.includes(bend);
  let cached: Fields | undefined;
  let refreshes = 0;
  let running = 0;
  const tokens = new Map<string, unknown>();

  const server = createServer((req, res) => void serve(req, res));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  const own = `http://127.0.0.1:${port}`;

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      if (csrf !== undefined && req.url === '/page') return page(req, res);
      await answer(req, res);
    } catch (error) {
      refuse(req, res, error instanceof Problem ? error : new Problem(500, 'internal_error'));
    }
  }

  /** A page of the application, as Django and Rails serve it to a signed-in user. */
  function page({headers}: IncomingMessage, res: ServerResponse): void {
    if (!/(?:^|; )user=/.test(headers.cookie ?? '')) return void res.writeHead(401).end();
    res.setHeader('Content-Type', 'text/html').setHeader('Set-Cookie', `csrftoken=${csrf}; Path=/`);
    res.end(`<!doctype html><meta content="${csrf}" name='csrf-token'><title>App</title>`);
  }

  function send(
    req: IncomingMessage,
    res: ServerResponse,
    status: number,
    type: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): void {
    const {origin} = req.headers;
    const isPreflight = req.method === 'OPTIONS';
    if (bent('cors: *')) res.setHeader('Access-Control-Allow-Origin', '*');
    if (bent('cors: null')) res.setHeader('Access-Control-Allow-Origin', 'null');
    if (
      origin &&
      (bent('cors: any origin') || (isPreflight && bent('cors: any origin in a preflight')))
    ) {
      res.setHeader('Access-Control-Allow-Origin', origin);
    }
    const isStored =
      bent('no-store: missing') || (status >= 400 && bent('no-store: missing in refusals'));
    if (!isStored) res.setHeader('Cache-Control', 'no-store');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    res.writeHead(status, {...(type && {'Content-Type': type}), ...headers}).end(text);
  }

  function refuse(req: IncomingMessage, res: ServerResponse, {status, code, extra}: Problem): void {
    const document = {
      title: 'The request was refused.',
      status: bent('problem: another status') ? 200 : status,
      ...(!bent('problem: no code') && {code}),
      ...(!bent('problem: no retryable') && {
        retryable: bent('problem: retryable') || status === 429 || status >= 500,
      }),
      ...(bent('leak: the cookie in a refusal') && {instance: req.headers.cookie}),
      ...extra.fields,
    };
    const type = bent('problem: application/json')
      ? 'application/json'
      : 'application/problem+json';
    send(req, res, status, type, document, extra.headers);
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const {headers, method = '', url = ''} = req;
    const isSignOut = url === '/sign-out';
    if (method === 'GET' && bent('method: a page for GET')) {
      return send(req, res, 200, 'text/html', '<!doctype html>');
    }
    const {cookie = ''} = headers;
    // As in Django, the cookie and the header must agree.
    const hasToken = headers['x-csrf-token'] === csrf && cookie.includes(`csrftoken=${csrf}`);
    if (csrf !== undefined && !hasToken) {
      return send(req, res, 403, 'text/html', DJANGO);
    }
    checkMethod(method, isSignOut);
    checkSite(req, isSignOut);
    checkType(headers['content-type'], isSignOut);
    const body = parse(await read(req), headers['content-type']);
    const user = /(?:^|; )user=(\w+)/.exec(headers.cookie ?? '')?.[1];
    if (user === undefined) {
      const isAnswered = await answerSignedOut(req, res, body);
      if (isAnswered) return;
    }
    if (isSignOut) return await signOut(req, res, user ?? '', body);
    const shown =
      body['session_id'] === undefined
        ? await create(user ?? 'guest', body)
        : await refresh(req, user ?? 'ada', body['session_id']);
    await sendSession(req, res, shown, body['session_id'] === undefined);
  }

  function checkMethod(method: string, isSignOut: boolean): void {
    const isBent =
      (method === 'GET' && bent('method: GET')) || (method === 'PUT' && bent('method: PUT'));
    if (method === 'POST' || (isBent && !isSignOut)) return;
    throw new Problem(405, 'method_not_allowed', {headers: {Allow: 'POST'}});
  }

  function checkSite({headers}: IncomingMessage, isSignOut: boolean): void {
    const {origin} = headers;
    const site = headers['sec-fetch-site'];
    if (isSignOut && bent('sign-out: any origin')) return;
    if (site !== undefined && !bent('site: not looked at')) {
      const allowed = [
        'same-origin',
        ...(['cross-site', 'same-site', 'none'] as const).filter(other => bent(`site: ${other}`)),
      ];
      if (allowed.includes(site)) return;
      throw new Problem(403, 'csrf_rejected');
    }
    const forwarded = headers['x-forwarded-host'];
    const isAllowed =
      (origin === own && !bent('origin: not without Sec-Fetch-Site')) ||
      bent('origin: any') ||
      (origin === 'null' && bent('origin: null')) ||
      (origin === undefined && bent('origin: none')) ||
      (origin?.startsWith(own) && bent('origin: a prefix is enough')) ||
      (forwarded !== undefined &&
        origin === `https://${String(forwarded)}` &&
        bent('origin: X-Forwarded-Host'));
    if (!isAllowed) throw new Problem(403, 'csrf_rejected');
  }

  function checkType(header = '', isSignOut: boolean): void {
    const [type = '', parameters] = header.toLowerCase().split(/\s*;\s*/);
    const isBent =
      (type === 'text/plain' && bent('type: text/plain')) ||
      (TYPES_OF_FORMS.test(type) && bent('type: forms'));
    const isJson = type === 'application/json' && !(parameters && bent('type: no charset'));
    if (!isJson && !(isBent && !isSignOut)) throw new Problem(415, 'content_type_unsupported');
  }

  async function read(req: IncomingMessage): Promise<string> {
    const length = Number(req.headers['content-length'] ?? 0);
    const isAllowed =
      (length < 1_000_000 && bent('body: 20 kB')) || (length >= 1_000_000 && bent('body: 2 MB'));
    if (length > 16 * 1024 && !isAllowed) {
      req.resume();
      await new Promise(resolve => req.on('end', resolve));
      if (bent('body: 20 kB is a 500')) throw new Problem(500, 'internal_error');
      throw new Problem(413, 'body_too_large');
    }
    const chunks: Buffer[] = [];
    const text = () => Buffer.concat(chunks).toString();
    let timer: NodeJS.Timeout | undefined;
    const body = await new Promise<string | undefined>(resolve => {
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => resolve(text()));
      // What has arrived is read before the time limit counts, also on a machine that is busy.
      timer = setTimeout(() => setImmediate(() => resolve(undefined)), BODY_TIMEOUT_MS);
    });
    clearTimeout(timer);
    if (body !== undefined) return body;
    if (bent('body: slow is a session')) return '{}';
    throw new Problem(408, 'body_timeout', {fields: {retryable: true}});
  }

  function parse(text: string, type = ''): Fields {
    if (!type.startsWith('application/json') && !text.startsWith('{')) return {};
    if (text === '' && bent('method: GET')) return {};
    if (text.includes('[[[') && bent('body: deep is a 500'))
      throw new Problem(500, 'internal_error');
    try {
      const value: unknown = JSON.parse(text);
      if (Array.isArray(value) && bent('body: an array')) return {};
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return {...value};
    } catch {
      if (bent('body: malformed is a 500')) throw new Problem(500, 'internal_error');
    }
    throw new Problem(400, 'body_malformed');
  }

  /** Returns whether there was an answer. */
  async function answerSignedOut(
    req: IncomingMessage,
    res: ServerResponse,
    body: Fields,
  ): Promise<boolean> {
    const login = '<!doctype html><title>Log in</title>';
    if (bent('signed-out: 500')) throw new Problem(500, 'internal_error');
    if (bent('signed-out: 401 in HTML')) send(req, res, 401, 'text/html', login);
    else if (bent('signed-out: 302 to a login page'))
      send(req, res, 302, '', '', {Location: '/login'});
    else if (bent('signed-out: 200 with a login page')) send(req, res, 200, 'text/html', login);
    else if (bent('signed-out: a CSRF layer answers first'))
      send(req, res, 403, 'text/html', DJANGO);
    else if (body['session_id'] === undefined && bent('signed-out: a session')) return false;
    else if (body['session_id'] !== undefined && bent('signed-out: a refresh')) return false;
    else throw new Problem(401, 'not_signed_in');
    return Promise.resolve(true);
  }

  async function askMeshes(path: string, method: string, body?: Fields): Promise<Fields> {
    const response = await fetch(apiUrl + path, {
      method,
      headers: {
        Authorization: `Bearer ${await machineToken()}`,
        'Content-Type': 'application/json',
      },
      ...(body && {body: JSON.stringify(body)}),
      redirect: 'manual',
    });
    const fields = (await response.json()) as Fields;
    if (response.ok) return fields;
    const leak = bent('leak: the text of Meshes') ? {fields} : {};
    const isOver = [404, 409, 410].includes(response.status) && body === undefined;
    throw isOver
      ? new Problem(410, 'session_expired', leak)
      : new Problem(502, 'meshes_bad_response', leak);
  }

  async function create(user: string, body: Fields): Promise<Fields> {
    if (bent('created: cached') && cached) return cached;
    const {launch_page, role, external_user_id} = body;
    if (launch_page === 'rules' && bent('created: a launch page is a 500')) {
      throw new Problem(500, 'internal_error');
    }
    const pages = ['dashboard', 'connections', 'rules', 'events'];
    if (
      launch_page !== undefined &&
      !pages.includes(launch_page as string) &&
      !bent('body: launch_page unchecked')
    ) {
      throw new Problem(400, 'launch_page_invalid');
    }
    const rights = bent('body: role') && typeof role === 'string' ? role : RIGHTS;
    const owner =
      bent('body: external_user_id') && typeof external_user_id === 'string'
        ? external_user_id
        : user;
    const meshes = await askMeshes('/sessions', 'POST', {
      workspace_id: workspaceId,
      external_user_id: owner,
      role: rights,
      allowed_origins: [own],
      launch_page: bent('created: another launch page') ? 'events' : launch_page,
    });
    const embed = new URL(String(meshes['launch_url'])).origin;
    const session = String(meshes['session_id']);
    const issued = bent('handle: no time') ? undefined : Math.floor(Date.now() / 1000);
    const handle = sign({user: owner, rights, issued, session, embed});
    tokens.set(session, meshes['access_token']);
    const created: Fields = {
      ...lifetimeOf(meshes),
      access_token: meshes['access_token'],
      session_id: bent('handle: the raw ID is the session_id') ? session : handle,
      launch_url: launchUrl(String(meshes['launch_url'])),
      embed_origin: bent('embed_origin: another one') ? 'https://embed.example' : embed,
      ...(bent('leak: launch_token') && {launch_token: meshes['launch_token']}),
    };
    if (bent('created: no session_id')) delete created['session_id'];
    if (bent('created: an empty access_token')) created['access_token'] = '';
    if (bent('created: more than 64 KiB')) created['padding'] = 'x'.repeat(70_000);
    if (bent('leak: access key')) created['kid'] = credentials.accessKey;
    cached = created;
    return created;
  }

  function launchUrl(url: string): string {
    if (bent('launch_url: http')) return 'http://embed.example/workspace/rules';
    if (bent('launch_url: another origin')) return 'https://embed.example/workspace/rules';
    if (bent('launch_url: the own origin')) return `${own}/workspace/rules`;
    if (bent('launch_url: a user name')) return url.replace('http://', 'http://embed@');
    return bent('launch_url: a script') ? "javascript:alert('launch')" : url;
  }

  function lifetimeOf({expires_at, expires_in}: Fields): Fields {
    if (bent('lifetime: none')) return {};
    if (bent('lifetime: a text')) return {expires_in: 'half an hour'};
    if (bent('lifetime: a number in a text')) return {expires_in: String(expires_in)};
    if (bent('lifetime: no date')) return {expires_at: 'in 30 minutes'};
    if (bent('lifetime: the past')) return {expires_at: '2020-01-01T00:00:00Z'};
    if (bent('lifetime: a space for the T')) return {expires_at: '2099-01-01 00:00:00'};
    if (bent('lifetime: seconds since the epoch')) return {expires_at: 4_000_000_000};
    return {expires_at};
  }

  async function refresh(req: IncomingMessage, user: string, id: unknown): Promise<Fields> {
    if (typeof id !== 'string' || id === '') {
      if (bent('body: session_id unchecked')) return create(user, {});
      throw new Problem(400, 'session_id_invalid');
    }
    const fields = open(id, user);
    if (!fields) return create(user, {});
    if (bent('refresh: 500')) throw new Problem(500, 'internal_error');
    if (bent('refresh: once only') && refreshes > 0) throw new Problem(410, 'session_expired');
    if (bent('created: own cookie needed') && !req.headers.cookie?.includes('own=1')) {
      throw new Problem(400, 'cookie_missing');
    }
    limitRate();
    running++;
    try {
      if (bent('refresh: not in parallel') && running > 1) throw new Problem(409, 'busy');
      const meshes = await askMeshes(
        `/sessions/${encodeURIComponent(fields.session)}/refresh`,
        'POST',
      );
      return refreshed(id, fields, meshes);
    } finally {
      running--;
    }
  }

  function limitRate(): void {
    if (++refreshes % RATE !== 0) return;
    const wait = bent('429: Retry-After in words') ? 'soon' : '0';
    throw new Problem(429, 'meshes_rate_limited', {
      headers: bent('429: no Retry-After') ? {} : {'Retry-After': wait},
      fields: bent('429: final') ? {retryable: false} : {},
    });
  }

  function refreshed(id: string, fields: HandleFields, meshes: Fields): Fields {
    const token: Fields = {
      ...(bent('lifetime: none at a refresh') ? {} : lifetimeOf(meshes)),
      access_token: bent('refresh: the same token')
        ? tokens.get(fields.session)
        : meshes['access_token'],
      session_id: id,
      ...(!bent('embed_origin: none at a refresh') && {embed_origin: fields.embed}),
      ...(bent('embed_origin: another one') && {embed_origin: 'https://embed.example'}),
      ...(bent('refresh: a launch_url') && {launch_url: `${fields.embed}/workspace/dashboard`}),
    };
    if (bent('refresh: another session_id')) token['session_id'] = sign({...fields, issued: 7});
    if (bent('refresh: no session_id')) delete token['session_id'];
    return token;
  }

  async function sendSession(
    req: IncomingMessage,
    res: ServerResponse,
    session: Fields,
    isNew: boolean,
  ): Promise<void> {
    if (isNew && bent('created: no answer')) return;
    if (isNew && bent('created: a redirect to the slash')) {
      return send(req, res, 301, '', '', {Location: `${req.url}/`});
    }
    if (isNew && bent('created: a CSRF layer answers first')) {
      return send(req, res, 403, 'text/html', DJANGO);
    }
    const type = bent('created: text/html') ? 'text/html' : 'application/json';
    const headers: Record<string, string> = {};
    if (bent('leak: machine JWT in a header')) headers['X-Debug'] = await machineToken();
    if (bent('created: own cookie needed')) headers['Set-Cookie'] = 'own=1; HttpOnly';
    send(req, res, 200, type, session, headers);
  }

  function sign(fields: HandleFields): string {
    const text = Buffer.from(JSON.stringify(fields)).toString('base64url');
    return `${text}.${createHmac('sha256', KEY).update(text).digest('base64url')}`;
  }

  /** Returns undefined if a new session is created instead. */
  function open(handle: string, user: string): HandleFields | undefined {
    const isRaw = /^sess_/.test(handle) && tokens.has(handle);
    if (
      isRaw &&
      (bent('handle: the raw ID is accepted') || bent('handle: the raw ID is the session_id'))
    ) {
      return {user, rights: RIGHTS, session: handle, embed: embedOrigin()};
    }
    const [text = '', signature = ''] = handle.split('.');
    const right = createHmac('sha256', KEY).update(text).digest('base64url');
    const isSigned = bent('handle: ten characters of the signature')
      ? signature.slice(0, 10) === right.slice(0, 10)
      : signature === right && handle.split('.').length === 2;
    const fields = isSigned || bent('handle: no signature') ? decode(text) : undefined;
    if (!fields) {
      if (bent('handle: an unknown one starts a session')) return undefined;
      if (bent('handle: an unknown one is a 500')) throw new Problem(500, 'internal_error');
      if (bent('handle: an unknown one is a 400')) throw new Problem(400, 'session_id_invalid');
      throw new Problem(403, 'handle_invalid');
    }
    const age = Date.now() / 1000 - (fields.issued ?? 0);
    if (age > MAX_AGE_S && !bent('handle: no age') && !bent('handle: no time')) {
      throw new Problem(410, 'session_expired');
    }
    if (fields.user !== user && !bent('handle: no user'))
      throw new Problem(403, 'handle_of_another_user');
    if (fields.rights !== RIGHTS && !bent('handle: no rights'))
      throw new Problem(403, 'grant_changed');
    return fields;
  }

  function decode(text: string): HandleFields | undefined {
    try {
      const fields = JSON.parse(Buffer.from(text, 'base64url').toString()) as HandleFields;
      return typeof fields.session === 'string' ? fields : undefined;
    } catch {
      return undefined;
    }
  }

  const embedOrigin = () => new URL(String(cached?.['launch_url'])).origin;

  async function signOut(
    req: IncomingMessage,
    res: ServerResponse,
    user: string,
    {session_id}: Fields,
  ): Promise<void> {
    if (bent('sign-out: 500')) throw new Problem(500, 'internal_error');
    const [text = ''] = String(session_id).split('.');
    const owner = bent('sign-out: any user') ? decode(text)?.user : undefined;
    const fields = open(String(session_id), owner ?? user);
    if (!bent('sign-out: no effect')) await askMeshes(`/sessions/${fields?.session}`, 'DELETE');
    send(req, res, 204, '', '');
  }

  return {
    origin: own,
    async handle(changes) {
      const {session_id, launch_url} = await askMeshes('/sessions', 'POST', {
        workspace_id: workspaceId,
        external_user_id: changes.user ?? 'ada',
      });
      return sign({
        user: 'ada',
        rights: RIGHTS,
        issued: Math.floor(Date.now() / 1000),
        session: String(session_id),
        embed: new URL(String(launch_url)).origin,
        ...changes,
      });
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function machineToken(): Promise<string> {
  const {organizationId, accessKey, secretKey} = credentials;
  return new SignJWT({org: organizationId})
    .setProtectedHeader({alg: 'HS256', typ: 'JWT', kid: accessKey})
    .setIssuer(`urn:meshes:m2m:${accessKey}`)
    .setAudience('meshes-api')
    .setIssuedAt()
    .setExpirationTime('30s')
    .sign(new TextEncoder().encode(secretKey));
}
