import {html, raw} from 'hono/html';
import type {User} from '../visitors.js';
import {layout, type Html} from './layout.js';
import {sourceCode} from './source-code.js';
import type {TourPath} from './tour.js';

export const ELEMENT_SCRIPT =
  '<script type="module" src="/assets/meshes-workspace.min.js"></script>';

export interface Example {
  readonly title: string;
  readonly text: string;
  readonly code: string | Html;
}

export interface TourPage {
  readonly title: string;
  readonly path: TourPath;
  readonly user: User | null;
  /** What the page shows, in one or two sentences. */
  readonly intro: string;
  /** Name of the page's script. It runs before the element's script, so that it receives all events. */
  readonly script: string;
  readonly body: Html;
  /** The code that runs on this page. */
  readonly examples: readonly Example[];
}

/** Renders a page of the demo: the feature, then its code. */
export const tourPage = ({title, path, user, intro, script, body, examples}: TourPage): Html =>
  layout({
    title,
    path,
    user,
    head: html`<script type="module" src="/assets/${script}.js"></script>
      ${raw(ELEMENT_SCRIPT)}`,
    body: html`<main id="content">
      <div class="work">
        <h1>${title}</h1>
        <p class="intro">${intro}</p>
        ${body}
      </div>
      <section class="how" aria-labelledby="how-title">
        <h2 id="how-title">How it works</h2>
        ${codeExamples(examples)}
      </section>
    </main>`,
  });

export const codeExamples = (examples: readonly Example[]): Html =>
  html`${examples.map(
    ({title, text, code}, index) =>
      html`<article>
        <h3><span aria-hidden="true">${index + 1}</span>${title}</h3>
        <p>${text}</p>
        ${typeof code === 'string' ? sourceCode(title, code) : code}
      </article>`,
  )}`;

export interface Card {
  /** Name of the card, for IDs. */
  readonly name: string;
  readonly title: string;
  readonly note?: string;
  /** Code of the tag. The page also shows it as text. */
  readonly tag: string;
  readonly className?: string;
}

/** Renders an element below its title and its state. */
export const workspaceCard = ({name, title, note, tag, className = ''}: Card): Html =>
  html`<section class="workspace-card ${className}" aria-labelledby="${name}-title">
    <div class="card-head" lang="en">
      <div>
        <h2 id="${name}-title">${title}</h2>
        ${note === undefined ? '' : html`<p>${note}</p>`}
      </div>
      <span class="badge" data-state="idle">idle</span>
    </div>
    ${raw(tag)}
  </section>`;
