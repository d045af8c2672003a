import {MeshesError, type MeshesWorkspaceElement} from 'meshes-workspace';

/**
 * Shows the error view of one element, and the expired view of another one. A provider refuses one request of each: a failing endpoint
 * would add a line to the console.
 */
export const showViews = (): void => {
  const failing = document.querySelector<MeshesWorkspaceElement>('#failing')!;
  refuseOnce(failing, new MeshesError('endpoint_forbidden', 'mint', 'Refused by this page.'));

  const expiring = document.querySelector<MeshesWorkspaceElement>('#expiring')!;
  const expire = () => {
    refuseOnce(expiring, new MeshesError('session_revoked', 'refresh', 'Revoked by this page.'));
    return expiring.refresh();
  };
  expiring
    .whenReady()
    .then(expire)
    .catch(() => {});
};

const refuseOnce = (workspace: MeshesWorkspaceElement, error: MeshesError): void => {
  workspace.sessionProvider = {mint: () => Promise.reject(error)};
  const accept = () => (workspace.sessionProvider = null);
  workspace.addEventListener('meshes-error', accept, {once: true});
  workspace.addEventListener('meshes-token-expired', accept, {once: true});
};
