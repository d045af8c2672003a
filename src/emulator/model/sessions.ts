import {randomBytes} from 'node:crypto';
import {jwtVerify, SignJWT, errors as joseErrors} from 'jose';
import type {Lifetimes, SessionSelector} from '../emulator-types.js';
import {conflict, notFound, unauthorized} from '../api-error.js';
import type {Clock} from './clock.js';
import type {Role, SessionType} from './types.js';

/** Options of a new session, with defaults. */
export interface SessionOptions {
  readonly workspaceId: string;
  readonly role: Role;
  readonly externalUserId: string | null;
  readonly ttlSeconds: number;
  readonly launchTtlSeconds: number;
  readonly launchPath: string;
  readonly sessionType: SessionType;
  readonly resource: string | null;
  readonly resourceId: string | null;
  readonly allowedOrigins: readonly string[];
  readonly scopes: readonly string[];
}

export interface Session extends SessionOptions {
  readonly id: string;
  readonly createdAt: number;
  status: 'active' | 'revoked';
  /** Whether the control API has ended the session. Then it is unknown to the API. */
  ended: boolean;
  /** The `jti` of the only valid access token. */
  currentTokenId: string;
  expiresAt: number;
  refreshes: number;
  launches: number;
}

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: number;
  readonly expiresIn: number;
}

export interface Launch {
  readonly token: string;
  readonly expiresAt: number;
}

/** The content of the store, as JSON. */
export interface SessionData {
  /** Signs access tokens. */
  readonly key: string;
  readonly sessions: readonly Session[];
  readonly launches: readonly {
    readonly token: string;
    readonly sessionId: string;
    readonly expiresAt: number;
  }[];
  readonly lifetimes: readonly {
    readonly selector: SessionSelector;
    readonly lifetimes: Lifetimes;
  }[];
}

export type TokenStanding = 'current' | 'superseded' | 'expired' | 'revoked';

const selects = (
  selector: SessionSelector,
  subject: {readonly sessionId?: string | undefined; readonly externalUserId?: string | null},
): boolean =>
  (selector.sessionId === undefined || selector.sessionId === subject.sessionId) &&
  (selector.externalUserId === undefined || selector.externalUserId === subject.externalUserId);

const audience = 'meshes-embed';
const issuer = 'urn:meshes:emulator';
const standingMessages: Record<Exclude<TokenStanding, 'current'>, string> = {
  superseded: 'Stale token: the session was refreshed, and an earlier access token was sent.',
  expired: 'The access token has expired.',
  revoked: 'The session was revoked.',
};

/** Sessions with their access tokens and launch tokens, in memory. */
export class SessionStore {
  readonly #clock: Clock;
  #key: Uint8Array = randomBytes(32);
  readonly #sessions = new Map<string, Session>();
  readonly #launches = new Map<string, {session: Session; expiresAt: number}>();
  #lifetimes: {selector: SessionSelector; lifetimes: Lifetimes}[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  reset(): void {
    this.#sessions.clear();
    this.#launches.clear();
    this.#lifetimes = [];
  }

  dump(): SessionData {
    return {
      key: Buffer.from(this.#key).toString('base64url'),
      sessions: [...this.#sessions.values()],
      launches: [...this.#launches].map(([token, {session, expiresAt}]) => ({
        token,
        sessionId: session.id,
        expiresAt,
      })),
      lifetimes: this.#lifetimes,
    };
  }

  load({key, sessions, launches, lifetimes}: SessionData): void {
    this.reset();
    this.#key = Buffer.from(key, 'base64url');
    for (const session of sessions) this.#sessions.set(session.id, {...session});
    for (const {token, sessionId, expiresAt} of launches) {
      this.#launches.set(token, {session: this.#sessions.get(sessionId)!, expiresAt});
    }
    this.#lifetimes = [...lifetimes];
  }

  async mint(
    options: SessionOptions,
  ): Promise<{session: Session; access: AccessToken; launch: Launch}> {
    const session: Session = {
      ...options,
      id: `sess_${randomBytes(16).toString('hex')}`,
      createdAt: this.#clock.now(),
      status: 'active',
      ended: false,
      currentTokenId: '',
      expiresAt: 0,
      refreshes: 0,
      launches: 0,
    };
    this.#sessions.set(session.id, session);
    const access = await this.#issue(session);
    return {session, access, launch: this.#launch(session)};
  }

  /** Creates an access token, and invalidates the earlier one. */
  async refresh(id: string): Promise<{session: Session; access: AccessToken}> {
    const session = this.get(id);
    if (session.status === 'revoked') {
      throw conflict('This session was revoked. Create a new one.');
    }
    session.refreshes++;
    return {session, access: await this.#issue(session)};
  }

  revoke(id: string): Session {
    const session = this.get(id);
    session.status = 'revoked';
    return session;
  }

  /** Returns a session. @throws 404 for an unknown one */
  get(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session || session.ended) throw notFound('There is no session with this session_id.');
    return session;
  }

  /** Returns the session with this ID, also if it has ended, or undefined. */
  find(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Returns sessions, newest first. */
  list(selector: SessionSelector = {}): readonly Session[] {
    return [...this.#sessions.values()]
      .filter(session => !session.ended && selects(selector, subjectOf(session)))
      .reverse();
  }

  /** Returns the session of a launch token, also of a used or expired one. Does not use the token. */
  peekLaunch(token: string): Session | undefined {
    return this.#launches.get(token)?.session;
  }

  /** Uses a launch token. Returns its session or, if the token was used or has expired, undefined. */
  redeemLaunch(token: string): Session | undefined {
    const launch = this.#launches.get(token);
    if (!launch || launch.expiresAt <= this.#clock.now()) return undefined;
    if (launch.session.status === 'revoked' || launch.session.ended) return undefined;
    // Stays in the map, so that the session of a used token is still known.
    launch.expiresAt = 0;
    launch.session.launches++;
    return launch.session;
  }

  /** Returns the session of an access token. @throws 401 for a token that is malformed, unknown, superseded, expired, or revoked */
  async authenticate(token: string | undefined): Promise<Session> {
    const {session, standing} = await this.inspect(token);
    if (standing === 'current') return session;
    throw unauthorized(standingMessages[standing]);
  }

  /** Like `authenticate`, but returns the status of a known token instead of refusing it. */
  async inspect(token: string | undefined): Promise<{session: Session; standing: TokenStanding}> {
    if (!token) throw unauthorized('Authentication required');
    const {payload} = await jwtVerify(token, this.#key, {
      algorithms: ['HS256'],
      issuer,
      audience,
      // The record of the session decides about expiry, because the control API can change it.
      currentDate: new Date(0),
    }).catch((error: unknown) => {
      if (error instanceof joseErrors.JOSEError) {
        throw unauthorized(
          'Authentication required: this is not an access token of this emulator.',
        );
      }
      throw error;
    });
    const session = typeof payload.sid === 'string' ? this.#sessions.get(payload.sid) : undefined;
    if (!session) throw unauthorized('The session of this token is unknown.');
    return {session, standing: this.#standing(session, payload.jti)};
  }

  /** Expires the access tokens of these sessions or, with `session`, the sessions. */
  expire(selector: SessionSelector, what: 'token' | 'session'): number {
    const sessions = this.list(selector);
    for (const session of sessions) {
      session.expiresAt = Math.min(session.expiresAt, this.#clock.now());
      if (what === 'session') session.ended = true;
    }
    return sessions.length;
  }

  /** Sets lifetimes. For each session, the last ones apply. */
  setLifetimes(selector: SessionSelector, lifetimes: Lifetimes): void {
    this.clearLifetimes(selector);
    this.#lifetimes.push({selector, lifetimes});
  }

  clearLifetimes(selector: SessionSelector): void {
    this.#lifetimes = this.#lifetimes.filter(
      entry =>
        entry.selector.sessionId !== selector.sessionId ||
        entry.selector.externalUserId !== selector.externalUserId,
    );
  }

  lifetimes(): readonly {selector: SessionSelector; lifetimes: Lifetimes}[] {
    return this.#lifetimes;
  }

  #standing(session: Session, tokenId: string | undefined): TokenStanding {
    if (session.status === 'revoked') return 'revoked';
    if (session.ended) return 'expired';
    if (tokenId !== session.currentTokenId) return 'superseded';
    return session.expiresAt <= this.#clock.now() ? 'expired' : 'current';
  }

  #lifetimesOf(session: Session): Lifetimes {
    return (
      this.#lifetimes.findLast(entry => selects(entry.selector, subjectOf(session)))?.lifetimes ??
      {}
    );
  }

  async #issue(session: Session): Promise<AccessToken> {
    const expiresIn = this.#lifetimesOf(session).accessTokenSeconds ?? session.ttlSeconds;
    const issuedAt = Math.floor(this.#clock.now() / 1000);
    const id = randomBytes(12).toString('base64url');
    // Set before the signature is awaited, so that of two parallel refreshes, the later request wins.
    session.currentTokenId = id;
    session.expiresAt = (issuedAt + expiresIn) * 1000;
    const expiresAt = session.expiresAt;
    const token = await new SignJWT({
      sid: session.id,
      workspace_id: session.workspaceId,
      role: session.role,
    })
      .setProtectedHeader({alg: 'HS256', typ: 'JWT'})
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(session.externalUserId ?? session.id)
      .setJti(id)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + expiresIn)
      .sign(this.#key);
    return {token, expiresAt, expiresIn};
  }

  #launch(session: Session): Launch {
    const seconds = this.#lifetimesOf(session).launchTokenSeconds ?? session.launchTtlSeconds;
    const token = randomBytes(24).toString('base64url');
    const expiresAt = this.#clock.now() + seconds * 1000;
    this.#launches.set(token, {session, expiresAt});
    return {token, expiresAt};
  }
}

export const subjectOf = (
  session: Session,
): {sessionId: string; externalUserId: string | null; workspaceId: string} => ({
  sessionId: session.id,
  externalUserId: session.externalUserId,
  workspaceId: session.workspaceId,
});
