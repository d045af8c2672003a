import {installMounts, mountsFolder} from '../mounts/install.mjs';
import {readSamples, type SampleFolder, writeSamples} from './doc-samples.js';
import {credentials, workspaceId} from './site.js';

/** What an application has of its own: a cookie says who is signed in. */
const auth = `
export async function currentUser(request) {
  const id = /user=(\\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return id ? {id, workspaceId: '${workspaceId}', role: 'admin'} : null;
}
`;

/** For the samples that export a handler: calls it as their framework does. */
const frameworks = {
  'next-route.js': `
import {serve} from '@hono/node-server';
import * as route from './next-route.js';
const fetch = request => {
  const method = route[request.method];
  return method ? method(request, {params: Promise.resolve({})}) : new Response(null, {status: 405});
};
serve({fetch, port: Number(process.env.PORT)});`,
  'sveltekit-server.js': `
import {serve} from '@hono/node-server';
import * as endpoint from './sveltekit-server.js';
const fetch = request => {
  const method = endpoint[request.method];
  const event = {request, locals: {}, params: {}, url: new URL(request.url), route: {id: '/'}};
  return method ? method(event) : new Response(null, {status: 405});
};
serve({fetch, port: Number(process.env.PORT)});`,
  'nuxt-session.js': `
import {createServer} from 'node:http';
import {createApp, createRouter, toNodeListener} from 'h3';
import session from './nuxt-session.js';
const router = createRouter().post('/api/meshes/session', session);
createServer(toNodeListener(createApp().use(router))).listen(process.env.PORT);`,
} as Record<string, string>;

/** The samples that add a route to the application of another. */
const ADDED_TO: Record<string, string> = {'launch.js': 'hono.js', 'sign-out.js': 'express.js'};

const excerpts = readSamples('backend.md');

/** The samples of docs/backend.md, each complete. */
export const samples = new Map(
  [...excerpts].map(([name, code]) => {
    const application = excerpts.get(ADDED_TO[name] ?? '');
    return [name, application === undefined ? code : `${application}\n${code}`];
  }),
);

/** The samples of docs/backend.md that mount the endpoint. */
export const mounts = [...samples.keys()].filter(name => name !== 'meshes.js');

/** The program that serves the sample. It listens on `PORT`. */
export function programOf(mount: string): string {
  return mount in frameworks ? `serve-${mount}` : mount;
}

/** docs/backend.md says that a body parser may read the body before the handler. */
function withBodyParser(program: string): string {
  return program.replace('const app = express();', '$&\napp.use(express.json());');
}

/** Writes the programs of all mounts. */
export function writeMounts(): SampleFolder {
  installMounts();
  return writeSamples(
    [
      ...samples,
      ['auth.js', auth],
      ['express-json.js', withBodyParser(samples.get('express.js') ?? '')],
      ...Object.entries(frameworks).map(([name, code]): [string, string] => [
        `serve-${name}`,
        code,
      ]),
    ],
    mountsFolder,
  );
}

/** What the programs read of their environment. */
export function mountEnvironment(apiUrl: string): Record<string, string> {
  return {
    MESHES_API_URL: apiUrl,
    MESHES_ORGANIZATION_ID: credentials.organizationId,
    MESHES_ACCESS_KEY: credentials.accessKey,
    MESHES_SECRET_KEY: credentials.secretKey,
    MESHES_WORKSPACE_ID: workspaceId,
  };
}
