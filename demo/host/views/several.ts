import {html} from 'hono/html';
import type {DemoState} from '../demo-routes.js';
import type {User} from '../visitors.js';
import type {Html} from './layout.js';
import {ELEMENT_SCRIPT, tourPage, workspaceCard} from './tour-page.js';

const ENDPOINTS = `token-endpoint="/api/meshes/session"
  refresh-endpoint="/api/meshes/session/refresh"`;

const DASHBOARD = `<meshes-workspace
  ${ENDPOINTS}
  frame-title="Dashboard of Meshes"
  max-height="640"
></meshes-workspace>`;
const EVENTS = `<meshes-workspace
  ${ENDPOINTS}
  frame-title="Events of Meshes"
  launch-page="events"
  max-height="640"
></meshes-workspace>`;
const RULES = `<meshes-workspace
  ${ENDPOINTS}
  frame-title="Rules of Meshes"
  launch-page="rules"
  loading="lazy"
  fit="fill"
></meshes-workspace>`;

export const severalPage = (user: User | null, state: DemoState, script: string): Html =>
  tourPage({
    title: 'Several workspaces',
    path: '/several',
    user,
    intro:
      'Each workspace on a page has its own session, token, and frame. A failure of one does not affect the others.',
    script: 'several',
    body: html`<div class="toolbar" data-state="${JSON.stringify(state)}">
        <button type="button" class="primary" id="send">Send an event</button>
        <button type="button" id="reload">Reload the dashboard</button>
        <output id="send-result"></output>
      </div>
      <div class="gallery">
        ${workspaceCard({name: 'dashboard', title: 'Dashboard', tag: DASHBOARD})}
        ${workspaceCard({name: 'events', title: 'Events', tag: EVENTS})}
        ${workspaceCard({
          name: 'rules',
          title: 'Rules',
          note: 'starts when you scroll to it',
          tag: RULES,
          className: 'span',
        })}
      </div>`,
    examples: [
      {
        title: 'The page',
        text: 'Three tags. The first two are at most 640 pixels high. The third one gets its height from CSS, and starts when it approaches the viewport.',
        code: [ELEMENT_SCRIPT, DASHBOARD, EVENTS, RULES].join('\n\n'),
      },
      {
        title: 'One listener for all',
        text: 'Events bubble: one listener receives the events of all workspaces, and event.target is the workspace.',
        code: script,
      },
    ],
  });
