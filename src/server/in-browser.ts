// What bundlers and dev servers take for a browser: the module that holds the secrets must not get there unnoticed.
// The names are those of the real module, so that linking succeeds and the message below is what is seen.
export const createMeshesServer = undefined;
export const MeshesServerError = undefined;
export const MESHES_SERVER_ERROR_CODES = undefined;

throw new Error(
  'meshes-workspace/server was loaded in a browser. It works with your secret key: import it only in code that runs ' +
    'on your server, and let the page call the endpoint that it serves.',
);
