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

/** The rejection of promises while nothing runs. */
export function ended(): MeshesError {
  return new MeshesError(
    'aborted',
    'config',
    'There is no running workspace: the element is not in the document, has not started, or has been restarted.',
  );
}
