import type {MeshesError, MeshesErrorCode} from '../errors.js';
import {isOfSetup} from '../http/request-json.js';
import type {MeshesWorkspaceState} from './element-events.js';

/** Every text that a person can see or hear, for translation. */
export interface MeshesWorkspaceStrings {
  loading: string;
  ready: string;
  errorTitle: string;
  /** What to do, by error code; `default` serves the others. */
  errors: Partial<Record<MeshesErrorCode, string>> & {default: string};
  retry: string;
  retrying: string;
  expiredTitle: string;
  expired: string;
  reload: string;
  frameReloaded: string;
  frameSignedOut: string;
}

const SETUP = 'This page is not set up correctly. Please tell the people who run it.';
const NETWORK = 'Check your connection, then try again.';
const BUSY = 'The service is busy or unavailable. Please try again in a moment.';
const ACCESS = 'You do not have access to this workspace. Ask an administrator for it.';

export const ENGLISH: MeshesWorkspaceStrings = {
  loading: 'Loading workspace…',
  ready: 'Workspace loaded.',
  errorTitle: 'The workspace could not be loaded',
  errors: {
    config_invalid: SETUP,
    insecure_url: SETUP,
    origin_not_allowed: SETUP,
    csp_blocked: SETUP,
    endpoint_unauthorized: 'You are signed out. Sign in, then try again.',
    endpoint_redirected: 'You may be signed out. Sign in, then try again.',
    endpoint_forbidden: ACCESS,
    endpoint_network: NETWORK,
    endpoint_timeout: NETWORK,
    endpoint_rate_limited: BUSY,
    endpoint_server: BUSY,
    handshake_timeout: 'It did not respond in time. Please try again.',
    default: 'Please try again. If it happens again, tell the people who run this page.',
  },
  retry: 'Retry',
  retrying: 'Trying again…',
  expiredTitle: 'Your session has ended',
  expired: 'Reload to continue. Anything you have typed but not saved stays here until you do.',
  reload: 'Reload',
  frameReloaded: 'The workspace does not respond.',
  frameSignedOut: 'The workspace is signed out. Trying to reconnect…',
};

/** The texts of a page, with the English ones where it gives none. */
export function withEnglish(strings: Partial<MeshesWorkspaceStrings>): MeshesWorkspaceStrings {
  return {...ENGLISH, ...strings, errors: {...ENGLISH.errors, ...strings.errors}};
}

/** What to do about an error. */
export function adviceFor(error: MeshesError, {errors}: MeshesWorkspaceStrings): string {
  return errors[isOfSetup(error) ? 'config_invalid' : error.code] ?? errors.default;
}

/** What to do when the session has ended. Who is signed out of the host page has to sign in before a reload helps. */
export function expiredAdvice(error: MeshesError | null, strings: MeshesWorkspaceStrings): string {
  const isSignedOut = error?.code === 'endpoint_unauthorized';
  return isSignedOut ? adviceFor(error, strings) : strings.expired;
}

/** Text of the live region for a state; null if the state has none. */
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
