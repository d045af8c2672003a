import {define, MeshesWorkspaceElement, type SessionProvider} from 'meshes-workspace';
import {
  define as defineLater,
  MeshesError,
  type MeshesWorkspaceState,
} from 'meshes-workspace/element';
import {MeshesApiError, MeshesEventsClient} from 'meshes-workspace/events';
import {
  createMeshesServer,
  type Launch,
  type MeshesProblem,
  type MeshesServerError,
  type MeshesServerOptions,
} from 'meshes-workspace/server';
import {discard, keep, type KeepOptions, warm} from 'meshes-workspace/instant';
import {toNodeHandler} from 'meshes-workspace/server/node';
import {de} from 'meshes-workspace/strings/de';
import {ptBR} from 'meshes-workspace/strings/pt-BR';

MeshesWorkspaceElement.strings = de;
MeshesWorkspaceElement.strings = {...ptBR, retry: 'De novo'};

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
const time: KeepOptions = {for: 60_000};
export const kept: boolean = keep(element, time) || keep(element);
export const cancel: () => void = warm({tokenEndpoint: '/api', launchPage: 'rules'});
discard();
// @ts-expect-error -- read-only
element.state = 'ready';
// @ts-expect-error -- no such page
element.launchPage = 'mappings';

interface Locals {
  user: {id: string; role: 'member' | 'admin'};
}
const credentials = {organizationId: '', accessKey: '', secretKey: ''};
const workspaceId = '';
const known = {userId: 'ada', workspaceId};
const request = new Request('https://app.example');

export const meshes = createMeshesServer<Locals>({
  credentials,
  authorize: async ({request, context}) => {
    // Neither is ever undefined.
    const page: URL = new URL(request.url);
    await Promise.resolve(page);
    return {userId: context.user.id, workspaceId, role: context.user.role};
  },
});
const locals: Locals = {user: {id: 'ada', role: 'admin'}};
export const answers: Promise<Response>[] = [
  meshes.handler(request, locals),
  meshes.signOut(request, locals),
  meshes.signOut(request, locals, {all: true}),
];
export const launch: Promise<Launch> = meshes.launch(locals, {request, launchPage: 'rules'});
export const ended: Promise<void>[] = [meshes.revoke('id'), meshes.revoke('id', {userId: 'ada'})];
export const isFinal = (error: MeshesServerError): boolean => !error.retryable;
export const titleOf = (problem: MeshesProblem): string => problem.title;

// @ts-expect-error -- the context is required
void meshes.handler(request);
// @ts-expect-error -- the context is required
void meshes.signOut(request);
// @ts-expect-error -- the request is required
void meshes.launch(locals);
// @ts-expect-error -- the request is required
void meshes.launch(locals, {launchPage: 'rules'});
// @ts-expect-error -- no such option
void meshes.signOut(request, locals, {everything: true});
// @ts-expect-error -- no such option
void meshes.revoke('id', {user_id: 'ada'});
// @ts-expect-error -- no such option
void meshes.list({workspaceId, workspace: 'x'});

// Without a context, or with one that may be undefined, it can be omitted.
const plain = createMeshesServer({credentials, authorize: () => known});
void plain.handler(request);
void plain.signOut(request);
void plain.launch(undefined, {request});
void createMeshesServer<Locals | undefined>({credentials, authorize: () => null}).handler(request);

// @ts-expect-error -- no such option
createMeshesServer({key: 'secret'});
// @ts-expect-error -- no such option
createMeshesServer({credentials, authorize: () => null, allowed_origins: []});
// @ts-expect-error -- no such option
createMeshesServer({credentials, authorize: () => null, defaults: {session_type: 'dashboard'}});
// @ts-expect-error -- a misspelled key
createMeshesServer({credentials, authorize: () => ({...known, session_type: 'dashboard'})});
// @ts-expect-error -- a misspelled key
createMeshesServer({credentials, authorize: async () => ({...known, sessiontype: 'dashboard'})});
createMeshesServer<Locals>({
  credentials,
  // @ts-expect-error -- a misspelled key
  authorize: async ({context}) => {
    await Promise.resolve();
    return context.user && {userId: context.user.id, workspaceId, resource_id: '7'};
  },
});
