import type {MeshesWorkspaceElement} from 'meshes-workspace';
import {find} from './find.js';

/** Shows the state, and the remaining lifetime of the token, from the properties of the element. */
export const showSession = (workspace: MeshesWorkspaceElement): void => {
  const badge = find('#state');
  const life = find('#token-life');
  const update = () => {
    const {state, expiresAt} = workspace;
    // Undefined until the element's script has run.
    badge.textContent = badge.dataset.state = state ?? 'idle';
    const inUse = ['ready', 'refreshing', 'reconnecting'].includes(state);
    life.textContent = inUse && expiresAt ? lifeLeft(expiresAt - Date.now()) : '';
  };
  workspace.addEventListener('meshes-state-change', update);
  setInterval(update, 500);
  update();
};

const lifeLeft = (ms: number): string => {
  if (ms <= 0) return 'token has ended';
  const seconds = Math.ceil(ms / 1000);
  const rest = String(seconds % 60).padStart(2, '0');
  return `token ends in ${Math.floor(seconds / 60)}:${rest}`;
};
