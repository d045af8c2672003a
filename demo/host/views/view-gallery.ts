import {html} from 'hono/html';
import type {Html} from './layout.js';
import {workspaceCard} from './tour-page.js';

/** Renders an element for each view. `page/show-views.ts` brings them into their states. */
export const viewGallery = (frameTitle: string): Html => {
  const tag = (id: string, more = '') => `<meshes-workspace
  id="${id}"
  token-endpoint="/api/meshes/session"
  refresh-endpoint="/api/meshes/session/refresh"
  frame-title="${frameTitle}"
  max-height="480"${more}
></meshes-workspace>`;
  return html`${workspaceCard({name: 'in-use', title: 'In use', tag: tag('ready')})}
  ${workspaceCard({
    name: 'loads',
    title: 'Loading',
    note: 'defer-hydration is set',
    tag: tag('waiting', '\n  defer-hydration'),
  })}
  ${workspaceCard({name: 'failure', title: 'Failed', note: 'Click Retry', tag: tag('failing')})}
  ${workspaceCard({name: 'expiry', title: 'Expired', note: 'Click Reload', tag: tag('expiring')})}`;
};
