import {MeshesError} from '../errors.js';

/** The page prevents the element from rendering or from creating its frame. */
export function brokenPage(): MeshesError {
  return new MeshesError(
    'config_invalid',
    'frame',
    'The element could not render, or create its frame: a script or an element of this page replaces a method of the DOM, such as <img name="createElement">.',
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

/** The element is in a document whose window has not loaded its script. */
export function otherDocument(): MeshesError {
  return new MeshesError(
    'config_invalid',
    'config',
    'The element is in another document than its script: a popup, a picture-in-picture window, or an iframe. Load the script in that document, and create the element there.',
  );
}

/** A script of the host page has removed the iframe. */
export function removedFrame(): MeshesError {
  return new MeshesError(
    'config_invalid',
    'frame',
    'A script of this page has removed the iframe of the workspace from the shadow root.',
  );
}

/** The rejection of promises while nothing runs. */
export function ended(): MeshesError {
  return new MeshesError(
    'aborted',
    'config',
    'There is no running workspace: the element is not in the document, has not started, or has been restarted.',
  );
}
