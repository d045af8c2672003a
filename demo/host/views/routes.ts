import {html} from 'hono/html';
import type {User} from '../visitors.js';
import type {Html} from './layout.js';
import {ELEMENT_SCRIPT, tourPage, workspaceCard} from './tour-page.js';

const TAG = `<meshes-workspace
  token-endpoint="/api/meshes/session"
  refresh-endpoint="/api/meshes/session/refresh"
></meshes-workspace>`;

export const routesPage = (user: User | null, script: string): Html =>
  tourPage({
    title: 'Routes',
    path: '/routes',
    user,
    intro:
      'A single-page app removes the workspace when the user opens another route. Enter text in the workspace, open the settings, and return: a kept workspace appears immediately, with your input.',
    script: 'routes',
    body: html`<div class="toolbar">
        <button type="button" data-route="workspace">Workspace</button>
        <button type="button" data-route="settings">Settings</button>
        <label class="keeps"><input type="checkbox" id="keeps" checked /> Keep the workspace</label>
      </div>
      <div class="routes">
        <div id="outlet"></div>
        <div class="table-card" role="region" aria-label="Visits" tabindex="0">
          <table>
            <thead>
              <tr>
                <th scope="col">Visit</th>
                <th scope="col">Ready after</th>
                <th scope="col">Token requests</th>
              </tr>
            </thead>
            <tbody id="visits" aria-live="polite"></tbody>
          </table>
        </div>
      </div>
      <template id="workspace">
        ${workspaceCard({name: 'kept', title: 'Workspace', tag: TAG})}
      </template>
      <template id="settings">
        <section class="workspace-card" aria-labelledby="settings-title">
          <div class="card-head"><h2 id="settings-title">Settings</h2></div>
          <p class="empty-route">This is another route. The workspace is not in the page.</p>
        </section>
      </template>`,
    examples: [
      {
        title: 'The page',
        text: 'The tag is the same as on the other pages.',
        code: `${ELEMENT_SCRIPT}\n\n${TAG}`,
      },
      {
        title: 'The router',
        text: 'Before the router removes the element, it calls keep(). The next element with the same settings continues with its frame and session. Chromium and Firefox support this; other browsers start a new session.',
        code: script,
      },
    ],
  });
