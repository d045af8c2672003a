import {
  type Cookies,
  formatCookies,
  isCsrfCookie,
  parseCookies,
  tokenOf,
  withSetCookies,
} from './csrf.js';
import {exchange, type HttpRequest, type Reply} from './exchange.js';
import {fieldsOf, holdsSession, isSuccess} from './reply.js';
import {NotCheckable} from './outcome.js';
import type {Settings} from './settings.js';

/** User of a request. `nobody` has no cookies; `other` is the user of `--other-cookie`. */
export type User = 'user' | 'other' | 'nobody';

export interface RequestChange {
  user?: User;
  /** URL of the request. Default: the token endpoint or, for a body with a `session_id`, the refresh endpoint. */
  url?: URL | undefined;
  method?: string;
  /** Replacements of the headers of a page. `undefined` removes a header. Names are in lower case. */
  headers?: Record<string, string | undefined>;
  /** Whether to send the CSRF token of the user, if there is one. Default: true. */
  csrf?: boolean;
  /** Sent in addition to the cookies of the user. */
  cookies?: Cookies;
  announcedBytes?: number;
  timeoutMs?: number;
}

interface Visitor {
  cookies: Cookies;
  csrfToken: string | undefined;
}

export interface CreatedSession {
  id: string;
  user: User;
}

/** An origin that nobody can register (RFC 2606). */
export const FOREIGN_ORIGIN = 'https://check-endpoint.invalid';

/** Maximum wait for a Retry-After of the endpoint. */
const MAX_WAIT_MS = 10_000;

/** Sends requests to the endpoint like a page or an attacker, and records the responses. */
export class Endpoint {
  readonly settings: Settings;
  /** All responses so far. */
  readonly replies: Reply[] = [];
  /** Responses to requests that a page can send. The framework has no reason to answer them itself. */
  readonly pageReplies: Reply[] = [];
  readonly sessions: CreatedSession[] = [];
  /** Texts that must not be part of the output. */
  readonly secrets = new Set<string>();
  readonly #visitors = new Map<User, Promise<Visitor>>();

  constructor(settings: Settings) {
    this.settings = settings;
    const {cookie = '', otherCookie = '', oldSessionId, changedSessionId} = settings;
    this.#hide(oldSessionId, changedSessionId);
    for (const jar of [parseCookies(cookie), parseCookies(otherCookie)])
      this.#hide(...jar.values());
  }

  /** Sends a POST like a page. After a 429, waits and retries once. */
  async post(body: unknown, change: RequestChange = {}): Promise<Reply> {
    const reply = await this.postOnce(body, change);
    const waitMs = retryAfterMs(reply);
    if (waitMs === undefined) return reply;
    if (waitMs > MAX_WAIT_MS) throw new NotCheckable(RATE_LIMITED);
    await new Promise(resolve => setTimeout(resolve, waitMs));
    const second = await this.postOnce(body, change);
    if (retryAfterMs(second) !== undefined) throw new NotCheckable(RATE_LIMITED);
    return second;
  }

  /** Sends a POST like a page. @param body sent as JSON, unless it is a string */
  async postOnce(body: unknown, change: RequestChange = {}): Promise<Reply> {
    const {user = 'user', method = 'POST'} = change;
    const reply = await exchange({
      url: change.url ?? this.#urlFor(body),
      method,
      headers: await this.#headersFor(user, change),
      body: method === 'GET' || method === 'HEAD' ? '' : textOf(body),
      timeoutMs: change.timeoutMs ?? this.settings.timeoutMs,
      ...(change.announcedBytes !== undefined && {announcedBytes: change.announcedBytes}),
    } satisfies HttpRequest);
    this.replies.push(reply);
    const isOfPage = method === 'POST' && typeof body !== 'string' && change.headers === undefined;
    if (isOfPage) this.pageReplies.push(reply);
    this.#remember(reply, user);
    return reply;
  }

  /** Whether the options identify a signed-in user. */
  get hasUser(): boolean {
    const {cookie, headers} = this.settings;
    return cookie !== undefined || Object.keys(headers).length > 0;
  }

  async #headersFor(
    user: User,
    {headers = {}, csrf = true, cookies = new Map<string, string>()}: RequestChange,
  ): Promise<Record<string, string>> {
    const {settings} = this;
    const visitor = await this.#visitor(user);
    const cookie = formatCookies(new Map([...visitor.cookies, ...cookies]));
    const all: Record<string, string | undefined> = {
      accept: 'application/json',
      'content-type': 'application/json',
      origin: settings.origin,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
      'user-agent': 'meshes-workspace check-endpoint',
      ...this.#ownHeaders(user),
      ...(cookie !== '' && {cookie}),
      ...(csrf && visitor.csrfToken && {[settings.csrf!.header.toLowerCase()]: visitor.csrfToken}),
      ...headers,
    };
    return Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  /** Headers of the user. Without `--cookie`, those of `--header` identify the user. */
  #ownHeaders(user: User): Readonly<Record<string, string>> {
    const {cookie, headers} = this.settings;
    return cookie === undefined && user !== 'user' ? {} : headers;
  }

  #urlFor(body: unknown): URL {
    const {endpoint, refreshEndpoint} = this.settings;
    const id =
      typeof body === 'object' ? (body as {session_id?: unknown} | null)?.session_id : null;
    if (refreshEndpoint === undefined || typeof id !== 'string') return endpoint;
    const url = new URL(refreshEndpoint);
    url.pathname = url.pathname.replace(/%7Bsession_id%7D|:sessionId(?=\/|$)/, () =>
      encodeURIComponent(id),
    );
    return url;
  }

  #visitor(user: User): Promise<Visitor> {
    let visitor = this.#visitors.get(user);
    if (!visitor) this.#visitors.set(user, (visitor = this.#openPage(user)));
    return visitor;
  }

  /** Opens the host page like a browser. Returns the cookies, and the CSRF token of the page. */
  async #openPage(user: User): Promise<Visitor> {
    const {csrf, cookie = '', otherCookie = '', timeoutMs} = this.settings;
    let cookies = parseCookies(user === 'user' ? cookie : user === 'other' ? otherCookie : '');
    if (!csrf) return {cookies, csrfToken: undefined};
    let html = '';
    if (csrf.page) {
      const page = await exchange({
        url: csrf.page,
        method: 'GET',
        headers: {
          ...this.#ownHeaders(user),
          accept: 'text/html',
          ...(cookies.size > 0 && {cookie: formatCookies(cookies)}),
        },
        body: '',
        timeoutMs,
      });
      if (page.kind === 'answer') {
        cookies = withSetCookies(cookies, page);
        this.#hide(...cookies.values());
        html = page.body;
      }
    }
    const csrfToken = tokenOf(csrf, cookies, html);
    if (user !== 'nobody' || csrfToken !== undefined) {
      this.#hide(csrfToken);
      return {cookies, csrfToken};
    }
    // After a session of the application has ended, its page still has the CSRF token, and the cookie of that token.
    const page = await this.#visitor('user');
    const kept = [...page.cookies].filter(([name]) => name === csrf.cookie || isCsrfCookie(name));
    return {cookies: new Map([...cookies, ...kept]), csrfToken: page.csrfToken};
  }

  /** Replaces cookies, tokens, and session IDs in a text. */
  withoutSecrets(text: string): string {
    return [...this.secrets].reduce(
      (hidden, secret) => hidden.replaceAll(secret, '[hidden]'),
      text,
    );
  }

  #remember(reply: Reply, user: User): void {
    const {session_id, access_token, launch_url, launch_token} = fieldsOf(reply);
    const launch =
      typeof launch_url === 'string' ? /[?&]launch=([^&#]+)/.exec(launch_url)?.[1] : '';
    this.#hide(session_id, access_token, launch_url, launch_token, launch);
    const isNew = isSuccess(reply) && holdsSession(reply) && typeof session_id === 'string';
    if (isNew && !this.sessions.some(({id}) => id === session_id)) {
      this.sessions.push({id: session_id, user});
    }
  }

  #hide(...texts: unknown[]): void {
    for (const text of texts) {
      // Shorter texts are not secret, and can be part of normal words.
      if (typeof text === 'string' && text.length >= 6) this.secrets.add(text);
    }
  }
}

const RATE_LIMITED = 'The endpoint limits the rate of requests (429). Run the command again later.';

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** Returns the wait of a 429 response. Undefined for any other response. */
function retryAfterMs(reply: Reply): number | undefined {
  if (reply.kind !== 'answer' || reply.status !== 429) return undefined;
  const seconds = Number(reply.headers['retry-after'] ?? '1');
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : MAX_WAIT_MS + 1;
}
