import type {MeshesError, MeshesErrorCode} from '../errors.js';
import {causeOfRefusal, type RefusalCause} from '../http/request-json.js';
import type {MeshesWorkspaceState} from './element-events.js';

/** The texts that a user can see or hear. To translate them, set `MeshesWorkspaceElement.strings`. */
export interface MeshesWorkspaceStrings {
  loading: string;
  ready: string;
  errorTitle: string;
  /** What the user should do, by error code or `csrf_rejected`. `default` is used for all other codes. */
  errors: Partial<Record<MeshesErrorCode | RefusalCause, string>> & {default: string};
  retry: string;
  retrying: string;
  expiredTitle: string;
  expired: string;
  reload: string;
  frameReloaded: string;
  frameSignedOut: string;
}

/** What a user should do. Several error codes have the same text, so each language writes it once. */
interface Advice {
  setup: string;
  signedOut: string;
  maybeSignedOut: string;
  noAccess: string;
  outdated: string;
  network: string;
  busy: string;
  slow: string;
  other: string;
}

export function adviceByCode({
  setup,
  signedOut,
  maybeSignedOut,
  noAccess,
  outdated,
  network,
  busy,
  slow,
  other,
}: Advice): MeshesWorkspaceStrings['errors'] {
  return {
    config_invalid: setup,
    insecure_url: setup,
    origin_not_allowed: setup,
    csp_blocked: setup,
    endpoint_unauthorized: signedOut,
    endpoint_redirected: maybeSignedOut,
    endpoint_forbidden: noAccess,
    csrf_rejected: outdated,
    endpoint_network: network,
    endpoint_timeout: network,
    endpoint_http: setup,
    endpoint_rate_limited: busy,
    endpoint_server: busy,
    handshake_timeout: slow,
    default: other,
  };
}

export const ENGLISH: MeshesWorkspaceStrings = {
  loading: 'Loading workspace…',
  ready: 'Workspace loaded.',
  errorTitle: 'The workspace could not be loaded',
  errors: adviceByCode({
    setup: 'This page is not set up correctly. Contact the site owner.',
    signedOut: 'You are signed out. Sign in, then try again.',
    maybeSignedOut: 'You may be signed out. Sign in, then try again.',
    noAccess: 'You do not have access to this workspace. Ask an administrator for access.',
    outdated: 'This page may be out of date. Reload the page, then try again.',
    network: 'The server could not be reached. Check your connection, then try again.',
    busy: 'The service is temporarily unavailable. Try again in a few minutes.',
    slow: 'The workspace took too long to respond. Try again.',
    other: 'Try again. If the problem continues, contact the site owner.',
  }),
  retry: 'Retry',
  retrying: 'Retrying…',
  expiredTitle: 'Your session has ended',
  expired: 'Reload to start a new session. Unsaved changes will be lost when you reload.',
  reload: 'Reload',
  frameReloaded: 'The workspace is not responding.',
  frameSignedOut: 'Your session has expired. Reconnecting…',
};

/** Fills in the English text for each text that a page does not set. */
export function withEnglish(strings: Partial<MeshesWorkspaceStrings>): MeshesWorkspaceStrings {
  return {...ENGLISH, ...strings, errors: {...ENGLISH.errors, ...strings.errors}};
}

/** What to do about an error. */
export function adviceFor(error: MeshesError, {errors}: MeshesWorkspaceStrings): string {
  return errors[causeOfRefusal(error) ?? error.code] ?? errors.default;
}

/** What to do when the session has ended. A user who is signed out of the host app must sign in there first: without that, Reload fails. */
export function expiredAdvice(error: MeshesError | null, strings: MeshesWorkspaceStrings): string {
  const isSignedOut = error?.code === 'endpoint_unauthorized';
  return isSignedOut ? adviceFor(error, strings) : strings.expired;
}

/** The text that the live region announces for a state; null if it announces nothing. */
export function announcement(
  state: MeshesWorkspaceState,
  error: MeshesError | null,
  strings: MeshesWorkspaceStrings,
): string | null {
  switch (state) {
    case 'minting':
    case 'loading':
      return strings.loading;
    case 'ready':
      return strings.ready;
    case 'failed':
      return `${strings.errorTitle}. ${adviceFor(error!, strings)}`;
    case 'expired':
      return `${strings.expiredTitle}. ${expiredAdvice(error, strings)}`;
    default:
      return null;
  }
}
