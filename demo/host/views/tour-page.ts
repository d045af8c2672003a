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
  /** One sentence: what is to be seen here. */
  readonly intro: string;
  /** Name of the page's script, which runs before the element's, so that no event is missed. */
  readonly script: string;
  readonly body: Html;
  /** The code that runs on this page. */
  readonly examples: readonly Example[];
}

/** A page of the demo: what it shows, then how it is done. */
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
        <h2 id="how-title">How it is done</h2>
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
  /** Names the card and the element in it. */
  readonly name: string;
  readonly title: string;
  readonly note?: string;
  /** Code of the tag, as it is shown too. */
  readonly tag: string;
  readonly className?: string;
}

/** An element under a line that says what it is and in which state. */
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
