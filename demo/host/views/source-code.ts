import {html} from 'hono/html';
import type {Html} from './layout.js';

/** Code in a box of its own, with what is said and what is quoted set apart. */
export const sourceCode = (name: string, code: string): Html =>
  html`<pre tabindex="0" aria-label="Code: ${name}"><code>${code
    .trim()
    .split(COMMENT_OR_STRING)
    .map((part, index) =>
      // A group in the pattern of `split` puts its matches at the odd places.
      index % 2 === 0
        ? part
        : html`<span class="${part.startsWith('/') ? 'comment' : 'string'}">${part}</span>`,
    )}</code></pre>`;

const COMMENT_OR_STRING = /((?<!:)\/\/.*|\/\*\*[\s\S]*?\*\/|'[^'\n]*'|"[^"\n]*")/;
