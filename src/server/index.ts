export {
  createMeshesServer,
  type Launch,
  type MeshesHandler,
  type MeshesServer,
} from './create-meshes-server.js';
export type {CredentialsSource, MeshesCredentials} from './credentials.js';
export type {ListQuery, SessionList} from './management-api.js';
export {
  MESHES_SERVER_ERROR_CODES,
  MeshesServerError,
  type MeshesServerErrorCode,
} from './server-error.js';
export type {AuthorizeInput, MeshesServerOptions} from './server-options.js';
export type {Authorization, LaunchPage, SessionOptions} from './session-options.js';
