import {html} from 'hono/html';
import type {Html} from './layout.js';
import {workspaceCard} from './tour-page.js';

/** The element in each of its views. `page/show-views.ts` brings it there. */
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
    note: 'held there by defer-hydration',
    tag: tag('waiting', '\n  defer-hydration'),
  })}
  ${workspaceCard({name: 'failure', title: 'Failed', note: 'Retry works', tag: tag('failing')})}
  ${workspaceCard({name: 'expiry', title: 'Expired', note: 'Reload works', tag: tag('expiring')})}`;
};
