import {define, MeshesWorkspaceElement, type SessionProvider} from 'meshes-workspace';
import {
  define as defineLater,
  MeshesError,
  type MeshesWorkspaceState,
} from 'meshes-workspace/element';
import {MeshesApiError, MeshesEventsClient} from 'meshes-workspace/events';
import {createMeshesServer, type MeshesServerOptions} from 'meshes-workspace/server';
import {toNodeHandler} from 'meshes-workspace/server/node';

declare const options: MeshesServerOptions;
export const handler = toNodeHandler(createMeshesServer(options).handler);
export const client = MeshesEventsClient;
export const errors: [typeof MeshesApiError, typeof MeshesError] = [MeshesApiError, MeshesError];
export const isSame: boolean = define === defineLater;
export const version: string = MeshesWorkspaceElement.version;

const provider: SessionProvider = {mint: () => ({access_token: 'token'})};
const element = document.createElement('meshes-workspace');
element.sessionProvider = provider;
element.requestHeaders = () => ({authorization: 'Bearer x'});
export const state: MeshesWorkspaceState = element.state;
export const done: Promise<void> = element.whenReady();
// @ts-expect-error -- read-only
element.state = 'ready';
// @ts-expect-error -- no such page
element.launchPage = 'mappings';
// @ts-expect-error -- no such option
createMeshesServer({key: 'secret'});
