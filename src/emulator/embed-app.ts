import {Hono, type Context} from 'hono';
import {createEmbedDataApi} from './embed-data-api.js';
import type {EmbedAssets} from './embed-assets.js';
import {appPage, consentPage, messagePage} from './embed-pages.js';
import {integrationOf} from './model/integrations.js';
import {permissionsOf} from './model/permissions.js';
import type {Session} from './model/sessions.js';
import type {Env} from './server-app.js';
import type {EmulatorModel} from './state.js';

/** The documented text of this failure. The rest of its page explains it. */
const launchRefusal = 'Invalid or expired embed launch token';

/** Creates the embed app: launch documents, assets, the data API, and the consent window. */
export const createEmbedApp = (state: EmulatorModel, assets: EmbedAssets): Hono<Env> => {
  const {sessions, oauthTickets, workspaces} = state;
  const app = new Hono<Env>();

  app.get('/workspace/*', c => {
    const token = c.req.query('launch') ?? '';
    // A HEAD request does not use the launch token.
    const session =
      c.req.method === 'HEAD' ? sessions.peekLaunch(token) : sessions.redeemLaunch(token);
    protect(c, frameAncestors(session ?? sessions.peekLaunch(token)));
    if (!session) {
      return c.html(
        messagePage(assets, {
          title: launchRefusal,
          text: 'A launch URL can be used once and only for a short time. To show the workspace again, the host page must create a new session and use its launch URL.',
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
        provider: integrationOf(found.type).name,
        workspace: workspaces.findWorkspace(found.session.workspaceId)?.name ?? '',
        ticket,
        returnUrl: returnUrlOf(found.session, c.req.query('return')),
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
    const {name} = integrationOf(found.type);
    const {workspaceId} = found.session;
    const returnUrl = returnUrlOf(found.session, String(form.return));
    const back = returnUrl === undefined ? 'close this window' : 'go back';
    if (form.decision !== 'allow') {
      return c.html(
        messagePage(assets, {
          title: `${name} was not connected`,
          text: `You can ${back} and try again from the workspace.`,
          leave: {returnUrl},
        }),
      );
    }
    const taken = workspaces.connections(workspaceId).filter(({type}) => type === found.type);
    workspaces.addConnection({
      workspaceId,
      type: found.type,
      name: taken.length === 0 ? name : `${name} ${taken.length + 1}`,
      metadata: {},
      hidden: false,
      createdBy: `urn:meshes:session:${found.session.id}`,
    });
    return c.html(
      messagePage(assets, {
        title: `${name} is connected`,
        text: `You can ${back}. The connection is in your workspace.`,
        leave: {returnUrl},
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
    leave: {returnUrl: undefined},
  });

/**
 * Returns the URL to which a redirect of the whole page returns: the origin of the host page, as the frame knows it. Undefined for an
 * origin that the session does not allow.
 */
const returnUrlOf = ({allowedOrigins}: Session, origin: string | undefined): string | undefined => {
  if (origin === undefined || !/^https?:/.test(origin) || !URL.canParse(origin)) return undefined;
  const {origin: parsed} = new URL(origin);
  const isAllowed = allowedOrigins.length === 0 || allowedOrigins.includes(parsed);
  return isAllowed && parsed === origin ? parsed : undefined;
};

/** Returns the value of frame-ancestors. Without `allowed_origins`, any page may frame the app. */
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
  // The launch URL of this document must not be sent in a Referer header.
  c.header('Referrer-Policy', 'no-referrer');
};
