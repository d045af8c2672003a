import {html, raw} from 'hono/html';
import type {DemoState} from '../demo-routes.js';
import {layout, type Html} from './layout.js';
import {sidePanel} from './side-panel.js';
import {codeExamples, ELEMENT_SCRIPT} from './tour-page.js';

/** The files that the page shows, as they are. */
export interface SourceCode {
  readonly backend: string;
  readonly sendEvent: string;
}

export interface IntegrationsPage {
  readonly state: DemoState;
  /** Against the emulator, not the real Meshes. */
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
          Connect Larkspur to the tools you use. Everything that happens here can go to your CRM,
          your newsletter or your chat.
        </p>
        <div class="workspace-card">${raw(TAG)}</div>
      </main>
      ${sidePanel(state, emulated)} ${howItWorks(emulated, code)}`,
  });

const howItWorks = (emulated: boolean, {backend, sendEvent}: SourceCode): Html =>
  html`<section class="how" aria-labelledby="how-title">
    <h2 id="how-title">How it works</h2>
    <p>
      Larkspur is made up; the workspace above is what its customers see of
      ${emulated ? 'Meshes – here an emulator that keeps to the same contract' : 'Meshes'}. All that
      a page and a backend need for it is below, as it runs on this page.
    </p>
    ${codeExamples([
      {
        title: 'The page',
        text: 'The script registers the tag. The tag asks the first endpoint for a session, launches the frame, and hands it its token. Before the token ends the frame asks for the next one, which the tag gets from the second endpoint.',
        code: `${ELEMENT_SCRIPT}\n\n${TAG}`,
      },
      {
        title: 'The backend',
        text: 'Two routes. They alone hold the secret key, and they say who is signed in and what they may see. The browser gets a short-lived token, and never a key.',
        code: backend,
      },
      {
        title: 'Events',
        text: 'With a publishable key, made for browsers, the product sends events. Meshes routes them to the connections of the workspace.',
        code: sendEvent,
      },
    ])}
  </section>`;
