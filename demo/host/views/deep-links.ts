import {html} from 'hono/html';
import type {User} from '../visitors.js';
import type {Html} from './layout.js';
import {ELEMENT_SCRIPT, tourPage, workspaceCard} from './tour-page.js';

const LAUNCH_PAGES = ['dashboard', 'connections', 'rules', 'events'] as const;

export const deepLinksPage = (
  user: User | null,
  wanted: string | undefined,
  script: string,
): Html => {
  // The value comes from the URL, so only a known page is written into the tag.
  const page = LAUNCH_PAGES.find(name => name === wanted);
  const tag = `<meshes-workspace
  token-endpoint="/api/meshes/session"
  refresh-endpoint="/api/meshes/session/refresh"${page ? `\n  launch-page="${page}"` : ''}
></meshes-workspace>`;
  return tourPage({
    title: 'Deep links',
    path: '/deep-links',
    user,
    intro:
      'The URL of this page names the page that the frame shows. A reload, a bookmark, or a shared link opens the same page, and Back and Forward work.',
    script: 'deep-links',
    body: html`<p class="address">
        <span>Open in a new tab</span>
        <a id="address" href="/deep-links" target="_blank">/deep-links</a>
      </p>
      ${workspaceCard({name: 'workspace', title: 'Workspace', tag})}`,
    examples: [
      {
        title: 'From the frame to the URL',
        text: 'meshes-navigate is fired when the frame shows another page.',
        code: script,
      },
      {
        title: 'From the URL to the frame',
        text: 'The server writes launch-page into the tag, and the session starts on that page. The server accepts only the four pages on which a session can start.',
        code: `${ELEMENT_SCRIPT}\n\n${tag}`,
      },
    ],
  });
};
