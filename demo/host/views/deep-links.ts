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
  // From the address, so nothing but one of the four goes into the tag.
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
      'The address of this page says which page the frame shows, so a reload, a bookmark and a shared link open the same one, and Back and Forward go through both.',
    script: 'deep-links',
    body: html`<p class="address">
        <span>This page in a new tab</span>
        <a id="address" href="/deep-links" target="_blank">/deep-links</a>
      </p>
      ${workspaceCard({name: 'workspace', title: 'Workspace', tag})}`,
    examples: [
      {
        title: 'From the frame into the address',
        text: 'meshes-navigate tells where one goes in the frame.',
        code: script,
      },
      {
        title: 'From the address into the frame',
        text: 'The server writes launch-page into the tag, which asks for a session that begins there. It takes the four pages that a session can begin on, and nothing else from the address.',
        code: `${ELEMENT_SCRIPT}\n\n${tag}`,
      },
    ],
  });
};
