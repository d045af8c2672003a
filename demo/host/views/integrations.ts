import {html, raw} from 'hono/html';
import type {DemoState} from '../demo-routes.js';
import {layout, type Html} from './layout.js';
import {sidePanel} from './side-panel.js';
import {codeExamples, ELEMENT_SCRIPT} from './tour-page.js';

/** The source code that the page shows. */
export interface SourceCode {
  readonly backend: string;
  readonly sendEvent: string;
}

export interface IntegrationsPage {
  readonly state: DemoState;
  /** Whether the demo uses the emulator, and not the real Meshes. */
  readonly emulated: boolean;
  readonly code: SourceCode;
}

const TAG = `<meshes-workspace
  token-endpoint="/api/meshes/session"
  refresh-endpoint="/api/meshes/session/refresh"
></meshes-workspace>`;

export const integrationsPage = ({state, emulated, code}: IntegrationsPage): Html =>
  layout({
    title: 'Integrations',
    path: '/',
    user: state.user,
    head: html`<script type="module" src="/assets/integrations.js"></script>
      ${raw(ELEMENT_SCRIPT)}`,
    docked: true,
    body: html`<main id="content" class="work">
        <h1>Integrations</h1>
        <p class="intro">
          Larkspur is a fictional product. The card below is a Meshes workspace that the tag
          <code>&lt;meshes-workspace&gt;</code>
          ${emulated ? 'embeds from the emulator, which runs on your computer' : 'embeds'}.
        </p>
        <ul class="intro">
          <li>Use the workspace: it is signed in, and as high as its content.</li>
          <li><b>Behind the scenes</b> shows the state and events of the element.</li>
          <li><b>What can go wrong</b> causes failures. Watch how the element recovers.</li>
          <li>The links at the top show one feature each.</li>
        </ul>
        <div class="workspace-card">${raw(TAG)}</div>
      </main>
      ${sidePanel(state, emulated)} ${howItWorks(code)}`,
  });

const howItWorks = ({backend, sendEvent}: SourceCode): Html =>
  html`<section class="how" aria-labelledby="how-title">
    <h2 id="how-title">How it works</h2>
    <p>This is all the code that the page and its backend need. This demo runs the same code.</p>
    ${codeExamples([
      {
        title: 'The page',
        text: 'The script registers the tag. The element creates a session at the first endpoint, loads the frame, and posts the access token to it. When the frame needs a new token, the element requests it from the second endpoint.',
        code: `${ELEMENT_SCRIPT}\n\n${TAG}`,
      },
      {
        title: 'The backend',
        text: 'Two routes use the secret key, and decide who is signed in and what the user may see. The browser receives a short-lived token, never a key.',
        code: backend,
      },
      {
        title: 'Events',
        text: 'The product sends events with a publishable key, which is safe in browsers. Meshes routes them to the connections of the workspace.',
        code: sendEvent,
      },
    ])}
  </section>`;
