import {readFile} from 'node:fs/promises';
import {Hono, type MiddlewareHandler} from 'hono';
import {HTTPException} from 'hono/http-exception';
import type {Asset} from './assets.js';
import {createDemoRoutes, demoState} from './demo-routes.js';
import {injectFaults} from './faults.js';
import {createMeshesEndpoints} from './meshes-endpoints.js';
import type {MeshesTarget} from './meshes-target.js';
import {identifyVisitors, type HostEnv} from './visitors.js';
import {contactsPage} from './views/contacts.js';
import {integrationsPage, type SourceCode} from './views/integrations.js';
import {invoicesPage} from './views/invoices.js';

export const createHostApp = async (
  target: MeshesTarget,
  assets: ReadonlyMap<string, Asset>,
): Promise<Hono<HostEnv>> => {
  const code = await readSourceCode();
  const {meshes, routes} = createMeshesEndpoints({
    credentials: target.credentials,
    baseUrl: target.managementUrl,
  });
  const app = new Hono<HostEnv>();

  app.get('/assets/:name', c => {
    const asset = assets.get(c.req.param('name'));
    if (!asset) return c.notFound();
    c.header('Content-Type', asset.type);
    c.header('Cache-Control', 'no-cache');
    return c.body(asset.body);
  });
  app.get('/favicon.ico', c => {
    c.header('Content-Type', 'image/svg+xml');
    return c.body(assets.get('icon.svg')!.body);
  });

  app.use('*', identifyVisitors(target.workspaces));
  app.use('*', protectPages(target));

  app.use('/api/meshes/*', injectFaults);
  app.route('/', routes);
  app.route('/demo', createDemoRoutes(target, meshes));

  app.get('/', c =>
    c.html(
      integrationsPage({
        state: demoState(c, target.eventsUrl),
        emulated: target.controlUrl !== undefined,
        code,
      }),
    ),
  );
  app.get('/contacts', c => c.html(contactsPage(c.var.user)));
  app.get('/invoices', c => c.html(invoicesPage(c.var.user)));

  app.notFound(c => c.text('There is no such page.', 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({message: error.message}, error.status);
    console.error(error);
    return c.json({message: 'The host app failed.'}, 500);
  });
  return app;
};

/** As strict as a page with the workspace in it can be. */
const protectPages = ({eventsUrl, embedOrigin}: MeshesTarget): MiddlewareHandler<HostEnv> => {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${new URL(eventsUrl).origin}`,
    `frame-src ${embedOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types meshes-workspace',
  ].join('; ');
  return async (c, next) => {
    await next();
    c.header('Content-Security-Policy', policy);
    c.header('X-Content-Type-Options', 'nosniff');
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  };
};

/** What the page shows of the code that serves it. */
const readSourceCode = async (): Promise<SourceCode> => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const [backend, sendEvent] = await Promise.all([
    read('./meshes-endpoints.ts'),
    read('./page/send-event.ts'),
  ]);
  return {backend, sendEvent};
};
