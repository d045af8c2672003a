/** Script of the integrations page. It runs before the element's script, so that it receives all events. */
import type {MeshesWorkspaceElement} from 'meshes-workspace';
import type {DemoState} from '../demo-routes.js';
import {startControls} from './control-panel.js';
import {startEventForm} from './event-form.js';
import {eventLines} from './event-lines.js';
import {createEventLog} from './event-log.js';
import {find} from './find.js';
import {showSession} from './session-status.js';

const workspace = document.querySelector<MeshesWorkspaceElement>('meshes-workspace')!;
const panel = find('.panel');
const log = createEventLog(find('#log'), find('#log-empty'));
let state = JSON.parse(panel.dataset.state!) as DemoState;

for (const [type, line] of Object.entries(eventLines)) {
  workspace.addEventListener(type, event => {
    log.add(type, line((event as CustomEvent<never>).detail));
  });
}
find('#log-clear').addEventListener('click', () => log.clear());

showSession(workspace);
startEventForm(workspace, () => state);
startControls({
  workspace,
  log,
  onState: next => {
    state = next;
    find('#account-name').textContent = next.user?.name ?? 'Signed out';
    find('#account-company').textContent = next.user?.company ?? 'Nobody is signed in';
  },
});
