import {MeshesError, type MeshesWarningCode} from '../errors.js';

/** The page prevents the element from rendering or from creating its frame. */
export function brokenPage(): MeshesError {
  return new MeshesError(
    'config_invalid',
    'frame',
    'The element could not render or create its frame. Likely causes: the Content-Security-Policy of this page does not allow the Trusted Types policy of the script (meshes-workspace for the CDN files, otherwise lit-html); this page replaces a DOM method, like <img name="createElement"> or a micro-frontend.',
  );
}

/** The Content-Security-Policy of the host page blocks the frame. */
export function blockedFrame(origin: string, directive: string): MeshesError {
  return new MeshesError(
    'csp_blocked',
    'frame',
    `The Content-Security-Policy of this page blocks the workspace: add ${origin} to its ${directive} directive.`,
  );
}

/** The element is in a document that has not loaded its script. */
export function otherDocument(): MeshesError {
  return new MeshesError(
    'config_invalid',
    'config',
    'The element is in a document that has not loaded its script: a popup, a picture-in-picture window, or an iframe. Load the script and create the element there.',
  );
}

/** A script of the host page has removed the iframe. */
export function removedFrame(): MeshesError {
  return new MeshesError(
    'config_invalid',
    'frame',
    'A script of this page has removed the iframe from the shadow root. reload() starts a new session.',
  );
}

/** Promises reject with this error while no session runs. */
export function ended(): MeshesError {
  return new MeshesError(
    'aborted',
    'config',
    'No workspace is running: the element is not in the document, has not started, or has been restarted.',
  );
}

/** `open()` was called with a page on which no session can start. */
export function unknownPage(pages: readonly string[]): MeshesError {
  return new MeshesError(
    'config_invalid',
    'config',
    `The page for open() must be one of ${pages.join(', ')}.`,
  );
}

/** A frame that `launch-url` started has received the token of another session. */
export function otherSession(): [code: MeshesWarningCode, message: string] {
  return [
    'session_id_missing',
    'The token is for another session than launch-url. Set session-id to the ID of the session that launch-url belongs to.',
  ];
}
