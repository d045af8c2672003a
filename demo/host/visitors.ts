import {randomBytes} from 'node:crypto';
import type {HttpBindings} from '@hono/node-server';
import type {MiddlewareHandler} from 'hono';
import {getCookie, setCookie} from 'hono/cookie';
import type {HostWorkspace} from './meshes-target.js';

export type AccountName = 'mia' | 'jonas';

export interface User extends HostWorkspace {
  /** The `external_user_id` of this user's sessions. Each browser has another one, so that they are independent. */
  readonly id: string;
  readonly account: AccountName;
  readonly name: string;
  readonly company: string;
  readonly role: 'owner' | 'member';
  readonly scopes: readonly 'events.payload:read'[];
}

/** Simulated failures for one browser. */
export interface Faults {
  shortTokens: boolean;
  refreshFails: boolean;
  slow: boolean;
  offline: boolean;
  signedOut: boolean;
}

/** A browser that uses the demo. */
export interface Visitor {
  readonly id: string;
  account: AccountName;
  faults: Faults;
}

export interface HostEnv {
  Bindings: HttpBindings;
  Variables: {visitor: Visitor; user: User | null};
}

const COOKIE = 'larkspur';
const MAX_VISITORS = 10_000;

export const noFaults = (): Faults => ({
  shortTokens: false,
  refreshFails: false,
  slow: false,
  offline: false,
  signedOut: false,
});

/** Identifies each browser, and its signed-in user, by a cookie. */
export const identifyVisitors = (
  workspaces: readonly [HostWorkspace, HostWorkspace],
): MiddlewareHandler<HostEnv> => {
  const visitors = new Map<string, Visitor>();

  // A cookie of an earlier run is accepted, so that its browser keeps its user.
  const visitorOf = (cookie: string | undefined): Visitor => {
    const id =
      cookie && /^[\w-]{16}$/.test(cookie) ? cookie : randomBytes(12).toString('base64url');
    let visitor = visitors.get(id);
    if (!visitor) {
      visitor = {id, account: 'mia', faults: noFaults()};
      visitors.set(id, visitor);
      const [oldest] = visitors.keys();
      if (visitors.size > MAX_VISITORS && oldest !== undefined) visitors.delete(oldest);
    }
    return visitor;
  };

  return async (c, next) => {
    const cookie = getCookie(c, COOKIE);
    const visitor = visitorOf(cookie);
    if (visitor.id !== cookie) {
      setCookie(c, COOKIE, visitor.id, {httpOnly: true, sameSite: 'Lax', path: '/'});
    }
    c.set('visitor', visitor);
    c.set('user', visitor.faults.signedOut ? null : userOf(visitor, workspaces));
    await next();
  };
};

export const userOf = (
  {id, account}: Visitor,
  [acme, northwind]: readonly [HostWorkspace, HostWorkspace],
): User =>
  account === 'mia'
    ? {
        ...acme,
        account,
        id: `mia.${id}`,
        name: 'Mia Torres',
        company: 'Acme Cloud',
        role: 'owner',
        scopes: ['events.payload:read'],
      }
    : {
        ...northwind,
        account,
        id: `jonas.${id}`,
        name: 'Jonas Berg',
        company: 'Northwind Traders',
        role: 'member',
        scopes: [],
      };
