import {html, raw} from 'hono/html';
import type {User} from '../visitors.js';
import {tourNav, type TourPath} from './tour.js';

export type Html = ReturnType<typeof html>;

export interface PageOptions {
  readonly title: string;
  readonly path: TourPath | '/contacts' | '/invoices';
  readonly user: Pick<User, 'name' | 'company'> | null;
  readonly head?: Html;
  /** Whether the page has a panel on the right, on wide screens. */
  readonly docked?: boolean;
  readonly body: Html;
}

const NAVIGATION = [
  ['/contacts', 'Contacts'],
  ['/invoices', 'Invoices'],
  ['/', 'Integrations'],
] as const;

/** Renders the common parts of all pages of the product. */
export const layout = ({title, path, user, head, docked, body}: PageOptions): Html =>
  html`${raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Larkspur</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css" />
        <link rel="stylesheet" href="/assets/theme-larkspur.css" id="theme" />
        ${head ?? ''}
      </head>
      <body class="${docked ? 'docked' : ''}">
        <a class="skip" href="#content">Skip to content</a>
        <header class="top">
          <a class="brand" href="/">
            <img src="/assets/icon.svg" alt="" width="30" height="30" />Larkspur
          </a>
          <nav aria-label="Main">
            ${NAVIGATION.map(
              ([href, name]) =>
                html`<a href="${href}" ${href === path ? raw('aria-current="page"') : ''}
                  >${name}</a
                >`,
            )}
          </nav>
          <p class="account">
            <span id="account-name">${user?.name ?? 'Signed out'}</span>
            <small id="account-company">${user?.company ?? 'Nobody is signed in'}</small>
          </p>
          ${tourNav(path)}
        </header>
        ${body}
      </body>
    </html>`;
