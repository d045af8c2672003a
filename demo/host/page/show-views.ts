import {MeshesError, type MeshesWorkspaceElement} from 'meshes-workspace';

/**
 * Brings an element into its error view and one into its expired view. A provider refuses on their
 * behalf, once: an endpoint that failed would leave a line in the console.
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
