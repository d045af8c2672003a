import {randomBytes} from 'node:crypto';
import type {Clock} from './clock.js';
import type {Session} from './sessions.js';
import type {IntegrationType} from './types.js';

export interface OAuthTicket {
  readonly session: Session;
  readonly type: IntegrationType;
  readonly expiresAt: number;
}

/** Long enough to read the connections page first, and short enough for a forgotten window. */
const lifetimeMs = 30 * 60_000;

/**
 * Tickets identify a session and a provider in the URL of a consent page, which must not contain an access token. A ticket is valid
 * for one decision.
 */
export interface OAuthTickets {
  issue(session: Session, type: IntegrationType): string;
  peek(ticket: string): OAuthTicket | undefined;
  redeem(ticket: string): OAuthTicket | undefined;
  reset(): void;
}

export const createOAuthTickets = (clock: Clock): OAuthTickets => {
  const tickets = new Map<string, OAuthTicket>();
  const peek = (ticket: string): OAuthTicket | undefined => {
    const found = tickets.get(ticket);
    if (!found || found.expiresAt <= clock.now() || found.session.status === 'revoked') {
      return undefined;
    }
    return found;
  };
  return {
    issue(session, type) {
      for (const [ticket, {expiresAt}] of tickets) {
        if (expiresAt <= clock.now()) tickets.delete(ticket);
      }
      const ticket = randomBytes(18).toString('base64url');
      tickets.set(ticket, {session, type, expiresAt: clock.now() + lifetimeMs});
      return ticket;
    },
    peek,
    redeem(ticket) {
      const found = peek(ticket);
      tickets.delete(ticket);
      return found;
    },
    reset: () => tickets.clear(),
  };
};
