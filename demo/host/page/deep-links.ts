import type {MeshesWorkspaceElement} from 'meshes-workspace';
import {find} from './find.js';
import {followFrame} from './follow-frame.js';
import {showStates} from './show-states.js';

const workspace = document.querySelector<MeshesWorkspaceElement>('meshes-workspace')!;
followFrame(workspace);
showStates();

const address = find('#address') as HTMLAnchorElement;
const showAddress = () => (address.textContent = address.href = location.href);
workspace.addEventListener('meshes-navigate', showAddress);
showAddress();
