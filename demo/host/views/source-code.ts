import {html} from 'hono/html';
import {codeParts} from '../code-parts.js';
import type {Html} from './layout.js';

/** Renders a block of code. */
export const sourceCode = (name: string, code: string): Html =>
  html`<pre tabindex="0" dir="ltr" aria-label="Code: ${name}"><code>${codeParts(code).map(
    ({text, kind}) => (kind === 'code' ? text : html`<span class="${kind}">${text}</span>`),
  )}</code></pre>`;
