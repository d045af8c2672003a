import {html, raw} from 'hono/html';
import type {Html} from './layout.js';

/** Pages that show the features of the element, the most common ones first. */
export const TOUR = [
  ['/', 'Simple case'],
  ['/several', 'Several'],
  ['/theming', 'Theming'],
  ['/languages', 'Languages'],
  ['/faults', 'Faults'],
  ['/deep-links', 'Deep links'],
  ['/routes', 'Routes'],
] as const;

export type TourPath = (typeof TOUR)[number][0];

export const tourNav = (path: string): Html =>
  html`<nav class="tour" aria-label="Demo">
    ${TOUR.map(
      ([href, name]) =>
        html`<a href="${href}" ${href === path ? raw('aria-current="page"') : ''}>${name}</a>`,
    )}
  </nav>`;
