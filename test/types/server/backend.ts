/** A backend in TypeScript, without the DOM library: strict, and with the declarations of every library checked. */
import type {IncomingMessage} from 'node:http';
import {createServer} from 'node:http';
import type {NextFunction, Request as ExpressRequest, Response as ExpressResponse} from 'express';
import {MeshesEventsClient} from 'meshes-workspace/events';
import {createMeshesServer} from 'meshes-workspace/server';
import {toNodeHandler, toRequest} from 'meshes-workspace/server/node';

interface User {
  id: string;
  workspaceId: string;
}

declare module 'express-serve-static-core' {
  interface Request {
    user?: User;
  }
}

const credentials = () => ({
  organizationId: process.env['MESHES_ORGANIZATION_ID'],
  accessKey: process.env['MESHES_ACCESS_KEY'],
  secretKey: process.env['MESHES_SECRET_KEY'],
});

export const meshes = createMeshesServer<ExpressRequest>({
  credentials,
  baseUrl: process.env['MESHES_API_URL'],
  authorize: ({request, context}) => {
    const url: URL = new URL(request.url);
    const {user} = context;
    return user && {userId: user.id, workspaceId: user.workspaceId, launchPath: url.pathname};
  },
});

type Middleware = (
  req: ExpressRequest,
  res: ExpressResponse,
  next: NextFunction,
) => Promise<void> | void;
export const routes: Middleware[] = [
  toNodeHandler(meshes.handler),
  toNodeHandler(meshes.signOut),
  async (req, res) => {
    const {launch_url} = await meshes.launch(req, {request: toRequest(req)});
    res.send(launch_url);
  },
  async (req, res) => {
    await toNodeHandler((request, context: ExpressRequest) =>
      meshes.signOut(request, context, {all: true}),
    )(req, res);
  },
];
export const client = new MeshesEventsClient({token: meshes.machineToken});

// Another context than the request of Node: the mount passes it.
const byUser = createMeshesServer<User>({
  credentials,
  authorize: ({context}) => ({userId: context.id, workspaceId: context.workspaceId}),
});
declare const userOf: (req: ExpressRequest) => User;
export const byUserRoute: Middleware = toNodeHandler((request, req: ExpressRequest) =>
  byUser.handler(request, userOf(req)),
);
// @ts-expect-error -- the request of Node is not the user
toNodeHandler<ExpressRequest>(byUser.handler);

const plain = createMeshesServer<IncomingMessage>({
  credentials,
  authorize: ({context}) => ({userId: String(context.headers.authorization), workspaceId: ''}),
});
createServer(toNodeHandler(plain.handler));
