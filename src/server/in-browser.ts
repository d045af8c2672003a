import {DOCS} from '../errors.js';

// Bundlers and dev servers use this module for browsers, so that code with secrets is never loaded there unnoticed.
// It exports the names of the real module: linking succeeds, and the message below appears instead of a linking error.
export const createMeshesServer = undefined;
export const MeshesServerError = undefined;
export const MESHES_SERVER_ERROR_CODES = undefined;

throw new Error(
  'meshes-workspace/server was loaded in a browser. It uses your secret key: import it only in code that runs ' +
    `on your server. The page calls the session endpoint instead. In Vitest, see ${DOCS}/testing-reference.md#vitest`,
);
