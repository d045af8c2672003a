import {Hono, type Context} from 'hono';
import {createMeshesServer, type MeshesServerOptions} from 'meshes-workspace/server';
import type {HostEnv} from './visitors.js';

type Keys = Pick<MeshesServerOptions, 'credentials' | 'baseUrl'>;

export const createMeshesEndpoints = ({credentials, baseUrl}: Keys) => {
  const meshes = createMeshesServer<Context<HostEnv>>({
    credentials,
    baseUrl,
    authorize: ({context}) => {
      const {user} = context.var; // from the session cookie of this app
      if (!user) return null; // answers 401
      return {userId: user.id, workspaceId: user.workspaceId, role: user.role, scopes: user.scopes};
    },
    onError: ({message}) => console.error(message),
  });
  const routes = new Hono<HostEnv>()
    .post('/api/meshes/session', c => meshes.mint(c.req.raw, c))
    .post('/api/meshes/session/refresh', c => meshes.refresh(c.req.raw, c));
  return {meshes, routes};
};
