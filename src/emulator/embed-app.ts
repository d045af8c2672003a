import {Hono, type Context} from 'hono';
import {createEmbedDataApi} from './embed-data-api.js';
import type {EmbedAssets} from './embed-assets.js';
import {appPage, consentPage, messagePage} from './embed-pages.js';
import {permissionsOf} from './model/permissions.js';
import {providerName} from './model/providers.js';
import type {Session} from './model/sessions.js';
import type {Env} from './server-app.js';
import type {EmulatorModel} from './state.js';

/** The text of the documented failure; the rest of that page explains it. */
const launchRefusal = 'Invalid or expired embed launch token';

/** What the iframe shows: launch documents, their assets, their data, and the consent window. */
export const createEmbedApp = (state: EmulatorModel, assets: EmbedAssets): Hono<Env> => {
  const {sessions, oauthTickets, workspaces} = state;
  const app = new Hono<Env>();

  app.get('/workspace/*', c => {
    const token = c.req.query('launch') ?? '';
    // A HEAD request looks at the address without using it up.
    const session =
      c.req.method === 'HEAD' ? sessions.peekLaunch(token) : sessions.redeemLaunch(token);
    protect(c, frameAncestors(session ?? sessions.peekLaunch(token)));
    if (!session) {
      return c.html(
        messagePage(assets, {
          title: launchRefusal,
          text: 'A launch URL can be used once and only for a short time. To show the workspace again, the page around this frame has to mint a fresh session and use its launch URL.',
        }),
        401,
      );
    }
    return c.html(appPage(assets, {allowedOrigins: session.allowedOrigins}));
  });

  app.route('/data', createEmbedDataApi(state));

  app.get('/oauth/authorize', c => {
    const ticket = c.req.query('ticket') ?? '';
    const found = oauthTickets.peek(ticket);
    protect(c, "'none'");
    if (!found) return c.html(outdatedConsent(assets), 400);
    return c.html(
      consentPage(assets, {
        provider: providerName(found.provider),
        workspace: workspaces.workspace(found.session.workspaceId)?.name ?? '',
        ticket,
      }),
    );
  });

  app.post('/oauth/authorize', async c => {
    protect(c, "'none'");
    const form = await c.req.parseBody();
    const found = oauthTickets.redeem(String(form.ticket));
    if (!found || !permissionsOf(found.session).connect) {
      return c.html(outdatedConsent(assets), 400);
    }
    const name = providerName(found.provider);
    if (form.decision !== 'allow') {
      return c.html(
        messagePage(assets, {
          title: `${name} was not connected`,
          text: 'You can close this window and try again from the workspace.',
          closes: true,
        }),
      );
    }
    const taken = workspaces
      .connections(found.session.workspaceId)
      .filter(connection => connection.provider === found.provider).length;
    workspaces.addConnection(
      found.session.workspaceId,
      found.provider,
      taken === 0 ? name : `${name} ${taken + 1}`,
    );
    return c.html(
      messagePage(assets, {
        title: `${name} is connected`,
        text: 'You can close this window: the connection is in your workspace.',
        closes: true,
      }),
    );
  });

  app.get('/assets/:name', c => {
    const asset = assets.files.get(c.req.param('name'));
    if (!asset) return c.notFound();
    // The name holds a hash of the content.
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('Content-Type', asset.type);
    c.header('Access-Control-Allow-Origin', '*');
    return c.body(asset.body);
  });
  app.get('/favicon.ico', c => c.body(assets.icon, 200, {'Content-Type': 'image/svg+xml'}));

  return app;
};

const outdatedConsent = (assets: EmbedAssets): string =>
  messagePage(assets, {
    title: 'This request is no longer valid',
    text: 'Close this window, and start again from the connections page of your workspace.',
    closes: true,
  });

/** No `allowed_origins` means that any page may frame the app. */
const frameAncestors = (session: Session | undefined): string =>
  session && session.allowedOrigins.length > 0 ? session.allowedOrigins.join(' ') : '*';

const protect = (c: Context, ancestors: string): void => {
  c.header(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
      `frame-ancestors ${ancestors}`,
    ].join('; '),
  );
  // The launch URL of this document must not travel on in a Referer.
  c.header('Referrer-Policy', 'no-referrer');
};
