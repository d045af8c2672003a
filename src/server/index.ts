export {createMeshesServer} from './create-meshes-server.js';
export type {CredentialsSource, MeshesCredentials, PartialCredentials} from './credentials.js';
export type {ErrorSummary} from './error-summary.js';
export type {ListQuery, SessionList, SessionRecord} from './management-api.js';
export type {
  Launch,
  LaunchOptions,
  MeshesHandler,
  MeshesServer,
  RevokeOptions,
  SignOutOptions,
} from './meshes-server.js';
export {
  MESHES_SERVER_ERROR_CODES,
  MeshesServerError,
  type MeshesServerErrorCode,
  type MeshesServerErrorOptions,
  type MeshesProblem,
} from './server-error.js';
export type {AuthorizeInput, AuthorizeResult, MeshesServerOptions} from './server-options.js';
export type {Authorization, LaunchPage, SessionOptions} from './session-options.js';
