import {readFile} from 'node:fs/promises';
import {Hono, type MiddlewareHandler} from 'hono';
import {HTTPException} from 'hono/http-exception';
import {readTheme, type Asset} from './assets.js';
import {createDemoRoutes, demoState} from './demo-routes.js';
import {injectNamedFault} from './endpoint-faults.js';
import {injectFaults} from './faults.js';
import {createMeshesEndpoints} from './meshes-endpoints.js';
import type {MeshesTarget} from './meshes-target.js';
import {identifyVisitors, type HostEnv} from './visitors.js';
import {contactsPage} from './views/contacts.js';
import {deepLinksPage} from './views/deep-links.js';
import {faultsPage} from './views/faults.js';
import {integrationsPage} from './views/integrations.js';
import {invoicesPage} from './views/invoices.js';
import {languagesPage} from './views/languages.js';
import {routesPage} from './views/routes.js';
import {severalPage} from './views/several.js';
import {THEMES, themingPage} from './views/theming.js';

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

  app.use('/api/meshes/*', injectNamedFault(target.embedOrigin), injectFaults);
  app.route('/', routes);
  app.route('/demo', createDemoRoutes(target, meshes));

  app.get('/', c =>
    c.html(
      integrationsPage({
        state: demoState(c, target.eventsUrl),
        emulated: target.controlUrl !== undefined,
        code: {backend: code.backend, sendEvent: code.script('send-event')},
      }),
    ),
  );
  app.get('/several', c =>
    c.html(severalPage(c.var.user, demoState(c, target.eventsUrl), code.script('show-states'))),
  );
  app.get('/theming', c => c.html(themingPage(c.var.user, code.themes)));
  app.get('/languages', c => c.html(languagesPage(c.var.user, c.req.query('lang'), code.script)));
  app.get('/faults', c => c.html(faultsPage(c.var.user, code.script('report-problems'))));
  app.get('/deep-links', c =>
    c.html(deepLinksPage(c.var.user, c.req.query('page'), code.script('follow-frame'))),
  );
  app.get('/routes', c => c.html(routesPage(c.var.user, code.script('change-route'))));
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

/** Sets the strictest headers that a page with a workspace can have. */
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

/** Reads the source code that the pages show. */
const readSourceCode = async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const scripts = new Map(
    await Promise.all(
      SHOWN_SCRIPTS.map(async name => [name, await read(`./page/${name}.ts`)] as const),
    ),
  );
  const themes = Object.fromEntries(
    await Promise.all(THEMES.map(async ([name]) => [name, await readTheme(name)] as const)),
  );
  return {
    backend: await read('./meshes-endpoints.ts'),
    script: (name: string) => scripts.get(name)!,
    themes,
  };
};

const SHOWN_SCRIPTS = [
  'send-event',
  'show-states',
  'languages',
  'texts/arabic',
  'report-problems',
  'follow-frame',
  'change-route',
];
