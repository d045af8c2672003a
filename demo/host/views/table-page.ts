import {html} from 'hono/html';
import type {User} from '../visitors.js';
import {layout, type Html, type PageOptions} from './layout.js';

interface TablePage {
  readonly title: string;
  readonly path: PageOptions['path'];
  readonly user: User | null;
  readonly intro: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Renders a page of the product with one table. */
export const tablePage = ({title, path, user, intro, columns, rows}: TablePage): Html =>
  layout({
    title,
    path,
    user,
    body: html`<main id="content" class="plain">
      <h1>${title}</h1>
      ${
        user
          ? html`<p class="intro">${intro}</p>
              <div class="table-card" role="region" aria-label="${title}" tabindex="0">
                <table>
                  <thead>
                    <tr>
                      ${columns.map(column => html`<th scope="col">${column}</th>`)}
                    </tr>
                  </thead>
                  <tbody>
                    ${rows.map(
                      row =>
                        html`<tr>
                          ${row.map(cell => html`<td>${cell}</td>`)}
                        </tr>`,
                    )}
                  </tbody>
                </table>
              </div>`
          : html`<p class="intro">
              You are signed out. Sign in on the <a href="/">integrations page</a>.
            </p>`
      }
    </main>`,
  });
