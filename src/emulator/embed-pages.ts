import {html, raw} from 'hono/html';
import type {EmbedAssets} from './embed-assets.js';

/** Configuration that the app needs before it is signed in. */
export interface AppConfig {
  readonly allowedOrigins: readonly string[];
}

type Html = ReturnType<typeof html>;

const page = (assets: EmbedAssets, title: string, head: Html, body: Html) =>
  html`${raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/${assets.iconName}" />
        <link rel="stylesheet" href="/assets/${assets.style}" />
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`.toString();

/** The page of the app. Its script renders the content when it is signed in. */
export const appPage = (assets: EmbedAssets, config: AppConfig): string =>
  page(
    assets,
    'Meshes',
    html`<meta name="meshes-config" content="${JSON.stringify(config)}" />
      <script type="module" src="/assets/${assets.script}"></script>`,
    html`<div id="app"></div>`,
  );

export const messagePage = (
  assets: EmbedAssets,
  message: {
    readonly title: string;
    readonly text: string;
    /** For a page in its own window: how to leave it. */
    readonly leave?: {readonly returnUrl: string | undefined};
  },
): string =>
  page(
    assets,
    message.title,
    message.leave
      ? html`<script type="module" src="/assets/${assets.consentScript}"></script>`
      : html``,
    html`<main class="notice">
      <h1>${message.title}</h1>
      <p>${message.text}</p>
      ${
        message.leave?.returnUrl
          ? html`<p><a href="${message.leave.returnUrl}">Back to the app</a></p>`
          : ''
      }
      ${message.leave ? html`<button type="button" id="close" hidden>Close window</button>` : ''}
    </main>`,
  );

export const consentPage = (
  assets: EmbedAssets,
  consent: {
    readonly provider: string;
    readonly workspace: string;
    readonly ticket: string;
    readonly returnUrl: string | undefined;
  },
): string =>
  page(
    assets,
    `Connect ${consent.provider}`,
    html``,
    html`<main class="notice consent">
      <p class="consent-provider">${consent.provider}</p>
      <h1>Allow Meshes to use your ${consent.provider} account?</h1>
      <p>
        The workspace <strong>${consent.workspace}</strong> will be able to create and update
        records on your behalf. This is an emulator, so no account at ${consent.provider} is used.
      </p>
      <form method="post" action="/oauth/authorize">
        <input type="hidden" name="ticket" value="${consent.ticket}" />
        ${
          consent.returnUrl
            ? html`<input type="hidden" name="return" value="${consent.returnUrl}" />`
            : ''
        }
        <button class="primary" name="decision" value="allow">Allow</button>
        <button name="decision" value="deny">Cancel</button>
      </form>
    </main>`,
  );
