import {forbidden} from '../api-error.js';
import type {Session} from './sessions.js';
import type {ResourceLock} from './workspace-store.js';

export const pages = ['dashboard', 'connections', 'mappings', 'rules', 'events'] as const;
export type Page = (typeof pages)[number];

/** Permissions of a session. The app shows them, and its data API enforces them. */
export interface Permissions {
  readonly pages: readonly Page[];
  /** Create and delete rules. */
  readonly manageRules: boolean;
  /** Set up new connections. */
  readonly connect: boolean;
  /** Remove connections. */
  readonly disconnect: boolean;
  /** See the payload of an event. */
  readonly readPayload: boolean;
  /** Send events of the resource. */
  readonly emit: boolean;
  /** Retry and cancel deliveries. */
  readonly retry: boolean;
}

const pagesOf: Record<Session['sessionType'], readonly Page[]> = {
  workspace: pages,
  resource: ['dashboard', 'rules', 'events'],
  dashboard: ['dashboard'],
};

/** Returns the pages that a session can start on, or `undefined` for any page. */
export const launchablePages = (type: Session['sessionType']): readonly string[] | undefined =>
  type === 'workspace' ? undefined : pagesOf[type];

export const permissionsOf = (session: Session): Permissions => {
  const visible = pagesOf[session.sessionType];
  const isMember = session.role === 'member';
  const mayChange = !isMember && session.sessionType !== 'dashboard';
  const isResource = session.sessionType === 'resource';
  return {
    pages: visible,
    manageRules: mayChange,
    connect: mayChange && visible.includes('connections'),
    disconnect: session.role === 'owner' && visible.includes('connections'),
    readPayload: !isMember && session.scopes.includes('events.payload:read'),
    emit: isResource,
    retry: isResource || mayChange,
  };
};

export const lockOf = (session: Session): ResourceLock =>
  session.sessionType === 'resource' && session.resource !== null && session.resourceId !== null
    ? {resource: session.resource, resourceId: session.resourceId}
    : null;

export const requirePage = (session: Session, page: Page): void => {
  if (!permissionsOf(session).pages.includes(page)) {
    throw forbidden(`A session of type ${session.sessionType} does not include ${page}.`);
  }
};

export const requirePermission = (
  session: Session,
  permission: Exclude<keyof Permissions, 'pages'>,
  what: string,
): void => {
  if (!permissionsOf(session)[permission]) {
    throw forbidden(
      permission === 'readPayload'
        ? `${what} requires the role admin or owner, and the scope events.payload:read.`
        : `The role ${session.role} in a session of type ${session.sessionType} may not ${what}.`,
    );
  }
};
