import {html} from 'hono/html';
import type {User} from '../visitors.js';
import type {Html} from './layout.js';
import {sourceCode} from './source-code.js';
import {tourPage} from './tour-page.js';
import {viewGallery} from './view-gallery.js';

export const THEMES = [
  ['larkspur', 'Larkspur'],
  ['plain', 'None'],
  ['plum', 'Plum'],
  ['ledger', 'Ledger'],
] as const;

const SCHEMES = [
  ['light dark', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

export const themingPage = (user: User | null, css: Readonly<Record<string, string>>): Html =>
  tourPage({
    title: 'Theming',
    path: '/theming',
    user,
    intro:
      'Custom properties, parts, and states adapt the views of the element to your design. Meshes styles the content of the frame.',
    script: 'theming',
    body: html`<div class="toolbar">
        <div class="choice" role="group" aria-label="Theme">
          <span aria-hidden="true">Theme</span>
          ${THEMES.map(([name, title], index) => choice('theme', name, title, index === 0))}
        </div>
        <div class="choice" role="group" aria-label="Colors">
          <span aria-hidden="true">Colors</span>
          ${SCHEMES.map(([name, title], index) => choice('scheme', name, title, index === 0))}
        </div>
      </div>
      <div class="gallery">${viewGallery('Meshes workspace')}</div>`,
    examples: [
      {
        title: 'The stylesheet',
        text: 'The complete theme. By default, the views use the font and the color-scheme of the page.',
        code: html`${THEMES.map(
          ([name], index) =>
            html`<div data-theme-code="${name}" ${index === 0 ? '' : 'hidden'}>
              ${sourceCode('The stylesheet', css[name] ?? '')}
            </div>`,
        )}`,
      },
    ],
  });

const choice = (kind: string, name: string, title: string, isPressed: boolean): Html =>
  html`<button type="button" data-${kind}="${name}" aria-pressed="${String(isPressed)}">
    ${title}
  </button>`;
